/** Addresses kept on a fake kernel. */
@NullMarked
package io.fairlead.appliance.address;

import org.jspecify.annotations.NullMarked;
