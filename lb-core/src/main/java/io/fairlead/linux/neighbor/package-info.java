/** Ethernet frames that tell neighbours where an address is, and the packet socket that they leave by. */
@NullMarked
package io.fairlead.linux.neighbor;

import org.jspecify.annotations.NullMarked;
