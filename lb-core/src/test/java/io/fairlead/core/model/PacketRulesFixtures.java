package io.fairlead.core.model;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.core.net.PortRange;
import io.fairlead.core.net.TransportProtocol;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Packet rules for tests. */
public final class PacketRulesFixtures {

    private static final String[] SOURCES_IPV4 = {
        "0.0.0.0/0",
        "10.0.0.0/8",
        "198.51.100.0/25",
        "198.51.100.128/25",
        "203.0.113.7/32",
        "255.0.0.0/8",
        "255.255.255.255"
    };
    private static final String[] SOURCES_IPV6 = {
        "::/0", "2001:db8::/33", "2001:db8:8000::/33", "2001:db8::7/128", "ff00::/8", "2001:db8:0:1::/64"
    };

    private PacketRulesFixtures() {}

    public static PacketDestination tcp(String address, String ports) {
        return new PacketDestination(TransportProtocol.TCP, IpAddress.parse(address), PortRange.parse(ports));
    }

    public static PacketRules marking(PacketDestination destination, long mark) {
        TreeMap<PacketDestination, Long> marks = new TreeMap<>();
        marks.put(destination, mark);
        return new PacketRules(marks, new TreeSet<>(), new TreeMap<>());
    }

    public static PacketRules allowing(PacketDestination destination, String... sources) {
        TreeSet<IpPrefix> prefixes = new TreeSet<>();
        for (String source : sources) {
            prefixes.add(IpPrefix.parse(source));
        }
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allowed = new TreeMap<>();
        allowed.put(destination, prefixes);
        return new PacketRules(new TreeMap<>(), new TreeSet<>(), allowed);
    }

    /** Some of everything that can be, with up to {@code size} destinations. */
    public static PacketRules random(Random random, int size) {
        TreeMap<PacketDestination, Long> marks = new TreeMap<>();
        TreeSet<PacketDestination> sourceNat = new TreeSet<>();
        TreeMap<PacketDestination, SortedSet<IpPrefix>> allowed = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            PacketDestination destination = destination(random, i);
            if (random.nextBoolean()) {
                marks.put(destination, 1 + (random.nextLong() >>> 33));
            }
            if (random.nextBoolean()) {
                sourceNat.add(destination);
            }
            if (random.nextBoolean()) {
                allowed.put(destination, sources(random, destination.family()));
            }
        }
        TreeSet<IpAddress> quiet = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            quiet.add(IpAddress.parse((random.nextBoolean() ? "192.0.2.1" : "2001:db8::1") + random.nextInt(9)));
        }
        return new PacketRules(marks, sourceNat, allowed, quiet);
    }

    private static PacketDestination destination(Random random, int number) {
        String address = random.nextBoolean() ? "192.0.2." + number / 600 : "2001:db8::" + number / 600;
        int first = 1 + 100 * (number % 600);
        return new PacketDestination(
                List.of(TransportProtocol.values()).get(random.nextInt(3)),
                IpAddress.parse(address),
                new PortRange(
                        first, random.nextInt(number < 100 ? 2 : 50) > 0 ? first : first + 1 + random.nextInt(99)));
    }

    private static SortedSet<IpPrefix> sources(Random random, IpFamily family) {
        String[] all = family == IpFamily.IPV4 ? SOURCES_IPV4 : SOURCES_IPV6;
        TreeSet<IpPrefix> sources = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            sources.add(IpPrefix.parse(all[random.nextInt(all.length)]));
        }
        return sources;
    }
}
