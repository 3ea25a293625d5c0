@NullMarked
package io.fairlead.cli.command;

import org.jspecify.annotations.NullMarked;
