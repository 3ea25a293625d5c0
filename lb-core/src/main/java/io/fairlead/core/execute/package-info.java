/** Carries plans out through the kernel ports, and knows what the kernel should hold by now. Knows no thread and no clock. */
@NullMarked
package io.fairlead.core.execute;

import org.jspecify.annotations.NullMarked;
