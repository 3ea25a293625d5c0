/** When an address is announced to the neighbours, and when again. Pure: deadlines are values, nobody waits here. */
@NullMarked
package io.fairlead.core.announce;

import org.jspecify.annotations.NullMarked;
