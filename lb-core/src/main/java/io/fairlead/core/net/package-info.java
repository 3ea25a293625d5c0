/** Addresses and transport protocols. Literals only: nothing here ever asks a resolver. Pure. */
@NullMarked
package io.fairlead.core.net;

import org.jspecify.annotations.NullMarked;
