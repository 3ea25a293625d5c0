@NullMarked
package io.fairlead.kube;

import org.jspecify.annotations.NullMarked;
