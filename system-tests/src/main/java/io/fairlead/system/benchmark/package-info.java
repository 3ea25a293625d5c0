/** Figures beside a peer or the kernel's limit, from the same machine and run: what ./benchmark runs in the lab. */
@NullMarked
package io.fairlead.system.benchmark;

import org.jspecify.annotations.NullMarked;
