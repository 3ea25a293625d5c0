@NullMarked
package io.fairlead.appliance.doctor;

import org.jspecify.annotations.NullMarked;
