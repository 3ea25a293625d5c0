/** What the service manager that started us wants to be told. */
@NullMarked
package io.fairlead.appliance.supervise;

import org.jspecify.annotations.NullMarked;
