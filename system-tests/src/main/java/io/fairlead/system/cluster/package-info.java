/** An API server of Kubernetes, as far as load balancers ask it, for scenarios and benchmarks. */
@NullMarked
package io.fairlead.system.cluster;

import org.jspecify.annotations.NullMarked;
