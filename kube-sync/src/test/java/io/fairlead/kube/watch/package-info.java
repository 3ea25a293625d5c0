@NullMarked
package io.fairlead.kube.watch;

import org.jspecify.annotations.NullMarked;
