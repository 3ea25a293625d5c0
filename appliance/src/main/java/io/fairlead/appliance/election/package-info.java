/** The election in this appliance: addresses on interfaces, what is tracked, and who is told of roles. */
@NullMarked
package io.fairlead.appliance.election;

import org.jspecify.annotations.NullMarked;
