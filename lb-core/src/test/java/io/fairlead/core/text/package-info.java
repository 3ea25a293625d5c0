/** Tests of words for people. */
@NullMarked
package io.fairlead.core.text;

import org.jspecify.annotations.NullMarked;
