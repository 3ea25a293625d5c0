@NullMarked
package io.fairlead.appliance.state;

import org.jspecify.annotations.NullMarked;
