/** Runs the elections of all units on one thread: events in, effects out, nothing slow between. */
@NullMarked
package io.fairlead.ha.runtime;

import org.jspecify.annotations.NullMarked;
