/** What this appliance shares with its peers: what operators want, and what the checks say. */
@NullMarked
package io.fairlead.appliance.peers;

import org.jspecify.annotations.NullMarked;
