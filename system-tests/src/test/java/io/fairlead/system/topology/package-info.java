/** Claims about the topology builder, checked on the kernel of the machine that runs the tests. */
@NullMarked
package io.fairlead.system.topology;

import org.jspecify.annotations.NullMarked;
