/** The rules that turn specs and health into the table the kernel should hold. Pure. */
@NullMarked
package io.fairlead.core.policy;

import org.jspecify.annotations.NullMarked;
