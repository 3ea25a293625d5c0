/** One class a command: its options, and a call that returns an exit code. */
@NullMarked
package io.fairlead.cli.command;

import org.jspecify.annotations.NullMarked;
