/** Health checks against real servers of each kind. */
@NullMarked
package io.fairlead.system.probe;

import org.jspecify.annotations.NullMarked;
