/** What is wrong with a host, and how to mend it: facts are gathered by an adapter, and judged by pure functions. */
@NullMarked
package io.fairlead.appliance.doctor;

import org.jspecify.annotations.NullMarked;
