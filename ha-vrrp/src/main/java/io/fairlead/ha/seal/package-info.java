/**
 * Authenticated encryption of every datagram between peers, with protection against replay: which bytes to send, and
 * which of those that come to believe. Pure: time, counters and random numbers are arguments.
 */
@NullMarked
package io.fairlead.ha.seal;

import org.jspecify.annotations.NullMarked;
