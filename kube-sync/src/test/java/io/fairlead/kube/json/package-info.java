@NullMarked
package io.fairlead.kube.json;

import org.jspecify.annotations.NullMarked;
