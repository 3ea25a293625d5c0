/** Appliances as peers of each other, between network namespaces on this kernel. */
@NullMarked
package io.fairlead.system.peers;

import org.jspecify.annotations.NullMarked;
