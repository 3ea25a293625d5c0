/** What is shown to those who watch: metrics for Prometheus and a page for browsers. Reads views, and changes nothing. */
@NullMarked
package io.fairlead.appliance.metrics;

import org.jspecify.annotations.NullMarked;
