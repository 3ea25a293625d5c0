/** The main job, shown: what ./demo runs in the lab. */
@NullMarked
package io.fairlead.system.demo;

import org.jspecify.annotations.NullMarked;
