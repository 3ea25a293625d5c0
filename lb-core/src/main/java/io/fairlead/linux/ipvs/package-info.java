/** The IPVS generic netlink family: the only package that uses the kernel's words for virtual and real servers. */
@NullMarked
package io.fairlead.linux.ipvs;

import org.jspecify.annotations.NullMarked;
