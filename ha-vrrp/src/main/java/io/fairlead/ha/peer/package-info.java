/** What the election sees of the other appliances: who they are, a way to send them a hello, and hints. Pure. */
@NullMarked
package io.fairlead.ha.peer;

import org.jspecify.annotations.NullMarked;
