/** The control loop: one thread that owns what is wanted and what the kernel holds. */
@NullMarked
package io.fairlead.appliance.loop;

import org.jspecify.annotations.NullMarked;
