@NullMarked
package io.fairlead.appliance.event;

import org.jspecify.annotations.NullMarked;
