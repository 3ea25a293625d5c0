/** What the kernel shows of itself as files: settings below {@code /proc/sys}, and its modules. */
@NullMarked
package io.fairlead.linux.host;

import org.jspecify.annotations.NullMarked;
