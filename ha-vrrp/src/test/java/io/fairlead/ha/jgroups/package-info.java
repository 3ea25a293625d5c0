@NullMarked
package io.fairlead.ha.jgroups;

import org.jspecify.annotations.NullMarked;
