/** Asks the questions: probes and their schedule on Netty epoll loops. */
@NullMarked
package io.fairlead.health.netty;

import org.jspecify.annotations.NullMarked;
