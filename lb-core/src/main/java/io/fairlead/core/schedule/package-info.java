/** Which real server the kernel's schedulers choose for a client, where that is a function of the client. Pure. */
@NullMarked
package io.fairlead.core.schedule;

import org.jspecify.annotations.NullMarked;
