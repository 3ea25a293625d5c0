package io.fairlead.appliance.loop;

import io.fairlead.core.model.VirtualServerKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that someone else wants the same virtual servers: another program that manages IPVS in this network namespace. One
 * change from outside is a hand that slipped; the same virtual server changed audit after audit is a rival.
 */
final class Rivalry {

    private static final Logger LOG = LoggerFactory.getLogger(Rivalry.class);
    private static final int AUDITS_IN_A_ROW = 3;
    private static final int REPORTED_MAX = 20;

    /** In how many audits in a row each was found changed. */
    private final Map<VirtualServerKey, Integer> streaks = new HashMap<>();

    /**
     * Takes note of a complete audit.
     *
     * @return what is contested, for people
     */
    List<String> audited(Set<VirtualServerKey> drifted) {
        streaks.keySet().retainAll(new HashSet<>(drifted));
        for (VirtualServerKey key : drifted) {
            if (streaks.merge(key, 1, Integer::sum) == AUDITS_IN_A_ROW) {
                LOG.error(
                        "Someone else keeps changing a virtual server of ours; is another program managing IPVS here?"
                                + " virtual-server=\"{}\" repaired={}",
                        key,
                        AUDITS_IN_A_ROW);
            }
        }
        return streaks.entrySet().stream()
                .filter(entry -> entry.getValue() >= AUDITS_IN_A_ROW)
                .sorted(Map.Entry.comparingByKey())
                .limit(REPORTED_MAX)
                .map(entry -> entry.getKey() + ": changed by someone else and repaired " + entry.getValue()
                        + " times in a row")
                .toList();
    }
}
