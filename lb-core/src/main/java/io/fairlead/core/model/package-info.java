/** What IPVS balances, in the words of an LVS operator: virtual servers, real servers and the table they form. Pure. */
@NullMarked
package io.fairlead.core.model;

import org.jspecify.annotations.NullMarked;
