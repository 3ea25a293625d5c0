/** Tests of the metrics. */
@NullMarked
package io.fairlead.appliance.metrics;

import org.jspecify.annotations.NullMarked;
