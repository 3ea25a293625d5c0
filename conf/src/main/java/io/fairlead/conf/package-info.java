/** Reads HOCON into validated specs, or says everything that is wrong with it. The only package that sees typesafe-config. */
@NullMarked
package io.fairlead.conf;

import org.jspecify.annotations.NullMarked;
