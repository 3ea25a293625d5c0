/** The table of nf_tables that is ours: its layout, its encoding, and the adapter of the port to it. */
@NullMarked
package io.fairlead.linux.nftables;

import org.jspecify.annotations.NullMarked;
