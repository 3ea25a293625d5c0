/** Links and addresses through rtnetlink. */
@NullMarked
package io.fairlead.linux.route;

import org.jspecify.annotations.NullMarked;
