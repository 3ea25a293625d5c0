/** What outlives the process: which virtual servers are ours, what the operator said, which drains are under way. */
@NullMarked
package io.fairlead.appliance.state;

import org.jspecify.annotations.NullMarked;
