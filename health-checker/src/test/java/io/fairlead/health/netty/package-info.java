@NullMarked
package io.fairlead.health.netty;

import org.jspecify.annotations.NullMarked;
