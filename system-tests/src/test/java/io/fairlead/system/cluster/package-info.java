@NullMarked
package io.fairlead.system.cluster;

import org.jspecify.annotations.NullMarked;
