/** Rules that span modules and documents. */
@NullMarked
package io.fairlead.system.house;

import org.jspecify.annotations.NullMarked;
