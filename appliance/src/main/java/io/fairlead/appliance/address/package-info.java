/** Keeps the virtual addresses of a single node: on their interfaces, announced, and ours alone. */
@NullMarked
package io.fairlead.appliance.address;

import org.jspecify.annotations.NullMarked;
