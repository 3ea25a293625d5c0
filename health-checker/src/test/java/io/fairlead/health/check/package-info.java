@NullMarked
package io.fairlead.health.check;

import org.jspecify.annotations.NullMarked;
