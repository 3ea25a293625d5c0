/** Small networks of namespaces, bridges and routed links on one Linux kernel, for scenarios, demonstrations and benchmarks. */
@NullMarked
package io.fairlead.system.topology;

import org.jspecify.annotations.NullMarked;
