@NullMarked
package io.fairlead.kube.address;

import org.jspecify.annotations.NullMarked;
