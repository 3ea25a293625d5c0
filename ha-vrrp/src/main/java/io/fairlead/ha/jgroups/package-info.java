/**
 * The group of peers as JGroups keeps it, over the sealed link: who is there, and messages that do not get lost. What is
 * urgent does not pass here.
 */
@NullMarked
package io.fairlead.ha.jgroups;

import org.jspecify.annotations.NullMarked;
