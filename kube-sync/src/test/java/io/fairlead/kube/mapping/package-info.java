@NullMarked
package io.fairlead.kube.mapping;

import org.jspecify.annotations.NullMarked;
