/** Whole appliances that elect who holds the virtual addresses, on the host's own kernel. */
@NullMarked
package io.fairlead.system.failover;

import org.jspecify.annotations.NullMarked;
