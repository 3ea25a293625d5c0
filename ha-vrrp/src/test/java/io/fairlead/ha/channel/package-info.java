@NullMarked
package io.fairlead.ha.channel;

import org.jspecify.annotations.NullMarked;
