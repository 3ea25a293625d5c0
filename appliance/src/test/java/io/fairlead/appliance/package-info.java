@NullMarked
package io.fairlead.appliance;

import org.jspecify.annotations.NullMarked;
