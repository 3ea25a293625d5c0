/** Which virtual IP address a Service gets. Pure: the same Services and pools give the same addresses on every peer. */
@NullMarked
package io.fairlead.kube.address;

import org.jspecify.annotations.NullMarked;
