package io.fairlead.core.model;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A whole IPVS table at one moment: immutable, ordered by key, the same type for what is wanted and for what is found.
 *
 * @param pools every virtual server with its real servers
 */
public record IpvsSnapshot(NavigableMap<VirtualServerKey, Pool> pools) {

    public static final IpvsSnapshot EMPTY = new IpvsSnapshot(new TreeMap<>());

    public IpvsSnapshot {
        pools = Collections.unmodifiableNavigableMap(new TreeMap<>(pools));
    }

    /** Returns the table of these pools. @throws IllegalArgumentException if two have the same key */
    public static IpvsSnapshot of(Collection<Pool> pools) {
        NavigableMap<VirtualServerKey, Pool> byKey = new TreeMap<>();
        for (Pool pool : pools) {
            if (byKey.put(pool.virtualServer().key(), pool) != null) {
                throw new IllegalArgumentException(
                        "two virtual servers " + pool.virtualServer().key());
            }
        }
        return new IpvsSnapshot(byKey);
    }

    /** Returns the pool of that key, if the table has it. */
    public Optional<Pool> find(VirtualServerKey key) {
        return Optional.ofNullable(pools.get(key));
    }

    /** Returns the part of the table whose keys pass {@code filter}. */
    public IpvsSnapshot restrictedTo(Predicate<VirtualServerKey> filter) {
        NavigableMap<VirtualServerKey, Pool> kept = new TreeMap<>();
        pools.forEach((key, pool) -> {
            if (filter.test(key)) {
                kept.put(key, pool);
            }
        });
        return new IpvsSnapshot(kept);
    }

    /** Returns the number of real servers in all pools. */
    public int realServerCount() {
        int count = 0;
        for (Pool pool : pools.values()) {
            count += pool.realServers().size();
        }
        return count;
    }

    /** A virtual server and its real servers, ordered by key. */
    public record Pool(VirtualServer virtualServer, NavigableMap<RealServerKey, RealServer> realServers) {

        public Pool {
            realServers = Collections.unmodifiableNavigableMap(new TreeMap<>(realServers));
        }

        /** Returns the pool of these real servers. @throws IllegalArgumentException if two have the same key */
        public static Pool of(VirtualServer virtualServer, Collection<RealServer> realServers) {
            NavigableMap<RealServerKey, RealServer> byKey = new TreeMap<>();
            for (RealServer realServer : realServers) {
                if (byKey.put(realServer.key(), realServer) != null) {
                    throw new IllegalArgumentException(
                            "two real servers " + realServer.key() + " in " + virtualServer.key());
                }
            }
            return new Pool(virtualServer, byKey);
        }
    }
}
