/** The entry point of the fairlead command and its exit codes. */
@NullMarked
package io.fairlead.cli;

import org.jspecify.annotations.NullMarked;
