/** What is taken from the objects of a Kubernetes cluster: the fields that decide something, and no others. Pure. */
@NullMarked
package io.fairlead.kube.model;

import org.jspecify.annotations.NullMarked;
