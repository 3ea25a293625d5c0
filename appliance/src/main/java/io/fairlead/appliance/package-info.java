/** The composition root: puts the parts together, starts and stops them. The one place that knows all. */
@NullMarked
package io.fairlead.appliance;

import org.jspecify.annotations.NullMarked;
