/** What to ask a real server, how often, and what the answers add up to. Pure: no socket, no clock, no thread. */
@NullMarked
package io.fairlead.health.check;

import org.jspecify.annotations.NullMarked;
