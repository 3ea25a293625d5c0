/** Words for people. Pure. */
@NullMarked
package io.fairlead.core.text;

import org.jspecify.annotations.NullMarked;
