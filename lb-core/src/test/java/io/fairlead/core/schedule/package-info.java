@NullMarked
package io.fairlead.core.schedule;

import org.jspecify.annotations.NullMarked;
