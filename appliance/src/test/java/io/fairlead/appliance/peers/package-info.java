@NullMarked
package io.fairlead.appliance.peers;

import org.jspecify.annotations.NullMarked;
