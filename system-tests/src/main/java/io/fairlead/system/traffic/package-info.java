/** Small programs that serve and keep connections, to be run as processes inside a host of a topology. */
@NullMarked
package io.fairlead.system.traffic;

import org.jspecify.annotations.NullMarked;
