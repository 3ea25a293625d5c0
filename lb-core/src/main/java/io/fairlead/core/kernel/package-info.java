/** Ports to the kernel and the ways they fail. Knows nothing of netlink. */
@NullMarked
package io.fairlead.core.kernel;

import org.jspecify.annotations.NullMarked;
