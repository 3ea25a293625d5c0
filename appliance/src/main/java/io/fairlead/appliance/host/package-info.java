/** What balancing needs of the host beside the table: settings of the kernel, and its modules. */
@NullMarked
package io.fairlead.appliance.host;

import org.jspecify.annotations.NullMarked;
