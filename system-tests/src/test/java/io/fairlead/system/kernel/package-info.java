/** The contract of the kernel ports, held against the kernel itself. */
@NullMarked
package io.fairlead.system.kernel;

import org.jspecify.annotations.NullMarked;
