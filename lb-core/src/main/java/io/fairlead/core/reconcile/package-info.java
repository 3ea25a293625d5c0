/** The difference between the table wanted and the table found, as ordered operations. Pure. */
@NullMarked
package io.fairlead.core.reconcile;

import org.jspecify.annotations.NullMarked;
