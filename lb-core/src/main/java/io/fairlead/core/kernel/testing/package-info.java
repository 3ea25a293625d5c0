/** Hand-written doubles of the kernel ports. They refuse what the kernel refuses; production never uses them. */
@NullMarked
package io.fairlead.core.kernel.testing;

import org.jspecify.annotations.NullMarked;
