/** Follows the objects of a cluster through its API: what to ask next is decided in a pure step, the rest fetches. */
@NullMarked
package io.fairlead.kube.watch;

import org.jspecify.annotations.NullMarked;
