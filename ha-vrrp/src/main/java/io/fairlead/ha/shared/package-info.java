/**
 * What all peers know together: what operators want of real servers, and what each peer's checks say. Replicas are merged
 * in any order, any number of times, with one result. Pure.
 */
@NullMarked
package io.fairlead.ha.shared;

import org.jspecify.annotations.NullMarked;
