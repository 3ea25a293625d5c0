/** Objects of a cluster from JSON and YAML, read as a stream; unknown fields are passed over. Knows no connection. */
@NullMarked
package io.fairlead.kube.json;

import org.jspecify.annotations.NullMarked;
