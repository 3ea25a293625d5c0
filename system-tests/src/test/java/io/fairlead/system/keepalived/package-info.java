/** Real keepalived beside Fairlead. */
@NullMarked
package io.fairlead.system.keepalived;

import org.jspecify.annotations.NullMarked;
