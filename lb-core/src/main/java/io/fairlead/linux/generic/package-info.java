/** Generic netlink: family lookup, requests, dumps and batches over one channel. */
@NullMarked
package io.fairlead.linux.generic;

import org.jspecify.annotations.NullMarked;
