/** Tests of what people read. */
@NullMarked
package io.fairlead.cli.output;

import org.jspecify.annotations.NullMarked;
