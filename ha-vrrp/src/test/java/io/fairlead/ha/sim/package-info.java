/** Appliances, clocks, links, kernels and a switch of which one seed decides everything: the election's proving ground. */
@NullMarked
package io.fairlead.ha.sim;

import org.jspecify.annotations.NullMarked;
