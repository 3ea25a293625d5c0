@NullMarked
package io.fairlead.conf.keepalived;

import org.jspecify.annotations.NullMarked;
