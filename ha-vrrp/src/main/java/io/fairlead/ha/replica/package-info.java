/** Keeps this appliance's replica of the shared state, and tells the group and the appliance of changes. */
@NullMarked
package io.fairlead.ha.replica;

import org.jspecify.annotations.NullMarked;
