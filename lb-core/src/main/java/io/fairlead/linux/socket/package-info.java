/** Every foreign call of the appliance. The only package that sees jnr-ffi. */
@NullMarked
package io.fairlead.linux.socket;

import org.jspecify.annotations.NullMarked;
