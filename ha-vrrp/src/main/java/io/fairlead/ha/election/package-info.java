/**
 * Who holds the addresses of a unit of election, decided from hellos, hints and time: specs, states, and one step function.
 * Pure: no clock, socket, thread or log. Knows nothing of JGroups, netlink or bytes on the wire.
 */
@NullMarked
package io.fairlead.ha.election;

import org.jspecify.annotations.NullMarked;
