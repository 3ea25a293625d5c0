/** The ordered log of every change of state: what happened, to whom, and why; kept across restarts. */
@NullMarked
package io.fairlead.appliance.event;

import org.jspecify.annotations.NullMarked;
