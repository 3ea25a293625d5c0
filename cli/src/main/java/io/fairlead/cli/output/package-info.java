/** What people read: tables as pure functions of a report. */
@NullMarked
package io.fairlead.cli.output;

import org.jspecify.annotations.NullMarked;
