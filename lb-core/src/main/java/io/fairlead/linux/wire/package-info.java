/** Netlink messages and attributes as bytes. Pure: knows no socket and no family. */
@NullMarked
package io.fairlead.linux.wire;

import org.jspecify.annotations.NullMarked;
