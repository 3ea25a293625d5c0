@NullMarked
package io.fairlead.ha.shared;

import org.jspecify.annotations.NullMarked;
