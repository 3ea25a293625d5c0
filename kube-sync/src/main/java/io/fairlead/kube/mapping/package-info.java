/** Services, EndpointSlices and Nodes to virtual servers with their real servers. Pure. */
@NullMarked
package io.fairlead.kube.mapping;

import org.jspecify.annotations.NullMarked;
