/** Tests of the control loop. */
@NullMarked
package io.fairlead.appliance.loop;

import org.jspecify.annotations.NullMarked;
