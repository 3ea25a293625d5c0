@NullMarked
package io.fairlead.ha.seal;

import org.jspecify.annotations.NullMarked;
