package io.fairlead.linux.nftables;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A table of nf_tables as far as we write any: the same type for what we want and for what the kernel reports. */
record TableLayout(Map<String, SetLayout> sets, Map<String, ChainLayout> chains) {

    // Numbers of enum datatypes in nft, by which it shows keys; a key of several fields has 6 bits for each.
    private static final int IPV4_ADDR = 7;
    private static final int IPV6_ADDR = 8;
    private static final int INET_PROTO = 12;
    private static final int INET_SERVICE = 13;

    TableLayout {
        sets = Collections.unmodifiableMap(new TreeMap<>(sets));
        chains = Collections.unmodifiableMap(new TreeMap<>(chains));
    }

    /**
     * A set, or a map if it has values.
     *
     * @param elements in no order
     */
    record SetLayout(KeyType key, ValueType value, boolean ofRanges, Set<Element> elements) {

        SetLayout {
            elements = Set.copyOf(elements);
        }

        long flags() {
            long flags = value == ValueType.NONE ? 0 : NftablesAttributes.NFT_SET_MAP;
            if (ofRanges) {
                flags |= NftablesAttributes.NFT_SET_INTERVAL;
                flags |= key.fieldBytes().size() > 1 ? NftablesAttributes.NFT_SET_CONCAT : 0;
            }
            return flags;
        }
    }

    /** What the keys of a set consist of. Each field takes whole registers of 4 bytes. */
    enum KeyType {
        /** Protocol, address, port. */
        DESTINATION_IPV4(INET_PROTO << 12 | IPV4_ADDR << 6 | INET_SERVICE, true, 4),
        DESTINATION_IPV6(INET_PROTO << 12 | IPV6_ADDR << 6 | INET_SERVICE, true, 16),
        SOURCE_IPV4(IPV4_ADDR, false, 4),
        SOURCE_IPV6(IPV6_ADDR, false, 16);

        final int type;
        private final boolean isDestination;
        private final int addressBytes;

        KeyType(int type, boolean isDestination, int addressBytes) {
            this.type = type;
            this.isDestination = isDestination;
            this.addressBytes = addressBytes;
        }

        /** Returns the length of each field, without what fills its last register. */
        List<Integer> fieldBytes() {
            return isDestination ? List.of(1, addressBytes, 2) : List.of(addressBytes);
        }

        /** Returns the length in registers, in bytes. */
        int lengthBytes() {
            return isDestination ? 4 + addressBytes + 4 : addressBytes;
        }
    }

    /** What a map gives. */
    enum ValueType {
        NONE,
        MARK,
        VERDICT
    }

    /**
     * An element of a set.
     *
     * @param end the last key of a range, in sets of several fields
     * @param endsRange whether it is the first key behind a range, in sets of one field
     * @param mark 0 where the set gives none
     * @param jump a chain; empty where the set gives none
     */
    record Element(ByteBuffer key, Optional<ByteBuffer> end, boolean endsRange, long mark, String jump) {}

    /** A chain; without a hook one that others jump to. Each rule is a list of steps. */
    record ChainLayout(Optional<Hook> hook, List<List<Expression>> rules) {

        ChainLayout {
            rules = rules.stream().map(List::copyOf).toList();
        }
    }

    /** Where packets enter a chain. */
    enum Hook {
        PREROUTING("filter", 0, -150),
        /** Of type route, so that a packet that gets a mark is routed again. */
        OUTPUT("route", 3, -150),
        POSTROUTING("nat", 4, 100);

        final String type;
        final long number;
        /** That of mangle, before IPVS on this host's own packets (-98), and that of source NAT. */
        final int priority;

        Hook(String type, long number, int priority) {
            this.type = type;
            this.number = number;
            this.priority = priority;
        }
    }
}
