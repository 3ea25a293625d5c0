/** The packages on a Debian with its own init, booted in the lab. */
@NullMarked
package io.fairlead.system.packages;

import org.jspecify.annotations.NullMarked;
