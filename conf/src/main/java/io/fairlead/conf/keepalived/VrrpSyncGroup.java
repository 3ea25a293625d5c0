package io.fairlead.conf.keepalived;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code vrrp_sync_group} says.
 *
 * @param members the names of instances
 * @param weighsTracks what members track may change their priority
 */
record VrrpSyncGroup(
        Statement at,
        String name,
        List<String> members,
        Tracks tracks,
        NotifyScripts notifyScripts,
        boolean weighsTracks) {

    VrrpSyncGroup {
        members = List.copyOf(members);
    }

    static VrrpSyncGroup read(Statement group, Trackers trackers, Remarks remarks) {
        String name = group.argument(0).orElse("");
        List<String> members = new ArrayList<>();
        Tracks tracks = new Tracks();
        NotifyScripts notifyScripts = new NotifyScripts("GROUP", name);
        boolean weighsTracks = false;
        for (Statement statement : group.body()) {
            switch (statement.keyword()) {
                case "group" -> statement.body().forEach(line -> members.addAll(line.words()));
                case "sync_group_tracking_weight" -> weighsTracks = true;
                case "global_tracking" -> {} // of no effect there any more
                default -> {
                    if (!trackers.track(statement, tracks) && !notifyScripts.take(statement)) {
                        Uncarried.remark(statement, remarks);
                    }
                }
            }
        }
        return new VrrpSyncGroup(group, name, members, tracks, notifyScripts, weighsTracks);
    }
}
