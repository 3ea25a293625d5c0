/** Scenarios on a kernel with IPVS. */
@NullMarked
package io.fairlead.system.appliance;

import org.jspecify.annotations.NullMarked;
