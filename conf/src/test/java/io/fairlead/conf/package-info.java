/** Tests of the configuration. */
@NullMarked
package io.fairlead.conf;

import org.jspecify.annotations.NullMarked;
