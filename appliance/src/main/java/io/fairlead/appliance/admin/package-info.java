/** The admin socket: HTTP and JSON over a Unix socket; its records, server and client. */
@NullMarked
package io.fairlead.appliance.admin;

import org.jspecify.annotations.NullMarked;
