/** The appliance as its operator runs it: a process on a host of a topology, a file and a socket. */
@NullMarked
package io.fairlead.system.appliance;

import org.jspecify.annotations.NullMarked;
