package io.fairlead.appliance.metrics;

import io.fairlead.appliance.admin.HaReport;
import io.fairlead.appliance.admin.HaReport.Link;
import io.fairlead.appliance.admin.HaReport.LinkLine;
import io.fairlead.appliance.admin.HaReport.PeerLine;
import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.appliance.admin.HaReport.Shared;
import io.fairlead.appliance.admin.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reports of elections for tests. */
final class Elections {

    private Elections() {}

    /** The master of one virtual router, with a backup that is heard and a witness that is not. */
    static HaReport master() {
        return new HaReport(
                StatusReport.SCHEMA_VERSION,
                null,
                true,
                "edge",
                "192.0.2.1",
                false,
                1.5,
                2,
                List.of(),
                List.of(new RouterLine(
                        "blue",
                        51,
                        List.of("blue"),
                        "master",
                        "2026-01-02T03:04:05.678Z",
                        "master silent",
                        150,
                        3,
                        1,
                        List.of("192.0.2.10/32"),
                        List.of("eth1"),
                        List.of(
                                new PeerLine("192.0.2.2", false, "backup", 100, 40.5, 0.2),
                                new PeerLine("192.0.2.3", true, "unheard", 0, -1, 0)),
                        2,
                        "taken")),
                0,
                0,
                new Link(
                        true,
                        List.of(
                                new LinkLine("192.0.2.2", true, 812, 810, 0, null),
                                new LinkLine("192.0.2.3", false, 812, 0, 9, "of another cluster")),
                        new TreeMap<>(Map.of("replayed", 3L))),
                new Shared(List.of("192.0.2.2"), 1, List.of("web/web-1"), 0),
                true);
    }
}
