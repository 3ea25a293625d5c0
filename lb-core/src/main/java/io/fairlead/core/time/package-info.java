/** Monotonic time as a value, so that wall-clock time cannot be mixed into a deadline. Pure. */
@NullMarked
package io.fairlead.core.time;

import org.jspecify.annotations.NullMarked;
