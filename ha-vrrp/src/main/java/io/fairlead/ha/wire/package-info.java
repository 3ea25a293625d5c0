/** The bytes of a hello: versioned, bounded, written without allocation. Pure. */
@NullMarked
package io.fairlead.ha.wire;

import org.jspecify.annotations.NullMarked;
