package io.fairlead.core.kernel;

import java.util.List;

/**
 * What became of announcements.
 *
 * @param framesSent how many left for their interface
 * @param failures what the kernel refused, such as {@code ENETDOWN} for an interface that is switched off
 */
public record AnnouncementReport(int framesSent, List<ErrnoException> failures) {

    public AnnouncementReport {
        failures = List.copyOf(failures);
    }
}
