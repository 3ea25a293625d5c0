@NullMarked
package io.fairlead.ha.replica;

import org.jspecify.annotations.NullMarked;
