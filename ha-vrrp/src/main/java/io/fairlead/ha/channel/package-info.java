/** The sockets between the peers: hellos at once and unreliably, everything sealed, one thread that receives. */
@NullMarked
package io.fairlead.ha.channel;

import org.jspecify.annotations.NullMarked;
