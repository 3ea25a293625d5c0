package io.fairlead.ha.seal;

import java.util.HashMap;
import java.util.Map;
import javax.crypto.SecretKey;

/** One start of one sender: its keys, made when first needed, and the counters that came. */
final class Session {

    private final String cluster;
    private final int sender;
    private final long boot;
    private final Map<Integer, SecretKey> secrets = new HashMap<>(4);
    final ReplayWindow window = new ReplayWindow();

    Session(String cluster, int sender, long boot) {
        this.cluster = cluster;
        this.sender = sender;
        this.boot = boot;
    }

    long boot() {
        return boot;
    }

    SecretKey secret(ClusterKey key) {
        return secrets.computeIfAbsent(key.id(), _ -> key.derive(cluster, sender, boot));
    }

    /** The ring has changed: what was derived from a key that left must open nothing. */
    void forgetKeys() {
        secrets.clear();
    }
}
