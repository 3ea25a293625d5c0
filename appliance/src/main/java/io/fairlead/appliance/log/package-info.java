/** Where log messages go: to systemd's journal with their fields, or to standard error. */
@NullMarked
package io.fairlead.appliance.log;

import org.jspecify.annotations.NullMarked;
