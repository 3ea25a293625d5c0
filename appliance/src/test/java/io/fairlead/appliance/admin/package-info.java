/** Tests of the admin socket. */
@NullMarked
package io.fairlead.appliance.admin;

import org.jspecify.annotations.NullMarked;
