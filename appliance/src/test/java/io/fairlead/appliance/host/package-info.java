@NullMarked
package io.fairlead.appliance.host;

import org.jspecify.annotations.NullMarked;
