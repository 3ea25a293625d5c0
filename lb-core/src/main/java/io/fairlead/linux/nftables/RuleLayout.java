package io.fairlead.linux.nftables;

import static io.fairlead.linux.nftables.NftablesAttributes.*;

import io.fairlead.core.model.PacketDestination;
import io.fairlead.core.model.PacketRules;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPrefix;
import io.fairlead.linux.nftables.Expression.Count;
import io.fairlead.linux.nftables.Expression.Drop;
import io.fairlead.linux.nftables.Expression.IsByte;
import io.fairlead.linux.nftables.Expression.IsIn;
import io.fairlead.linux.nftables.Expression.LoadHeader;
import io.fairlead.linux.nftables.Expression.LoadMeta;
import io.fairlead.linux.nftables.Expression.LoadOriginal;
import io.fairlead.linux.nftables.Expression.Masquerade;
import io.fairlead.linux.nftables.Expression.SetMark;
import io.fairlead.linux.nftables.TableLayout.ChainLayout;
import io.fairlead.linux.nftables.TableLayout.Element;
import io.fairlead.linux.nftables.TableLayout.Hook;
import io.fairlead.linux.nftables.TableLayout.KeyType;
import io.fairlead.linux.nftables.TableLayout.SetLayout;
import io.fairlead.linux.nftables.TableLayout.ValueType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Lays rules out as a table. However many virtual servers there are, a packet meets at most two look-ups for each purpose:
 * one in a hash table of single ports, one in a set of ranges; and none where nobody asks for the purpose.
 *
 * <pre>
 *  prerouting   protocol . address . port  in map guarded  → chain allow-N: source not in set sources-N → drop
 *               protocol . address . port  in map marks    → firewall mark
 *  output       the same marks, for clients on this host
 *               reset without acknowledgement, which answers a segment of a connection that is not known here,
 *               from an address in set quiet                                         → drop
 *  postrouting  protocol . address . port of the connection's first packet in set source-nat,
 *               but not those of the packet itself, which IPVS has rewritten         → masquerade
 * </pre>
 */
final class RuleLayout {

    private static final int TCP_DESTINATION_PORT = 2; // the same in UDP and SCTP
    private static final int PORT_BYTES = 2;
    private static final int TCP = 6;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_RESET_ALONE = 4;

    private final PacketRules rules;
    private final Map<String, SetLayout> sets = new HashMap<>();
    private final List<List<Expression>> prerouting = new ArrayList<>();
    private final List<List<Expression>> output = new ArrayList<>();
    private final List<List<Expression>> postrouting = new ArrayList<>();
    private final Map<String, ChainLayout> chains = new HashMap<>();

    private RuleLayout(PacketRules rules) {
        this.rules = rules;
    }

    static TableLayout of(PacketRules rules) {
        RuleLayout layout = new RuleLayout(rules);
        for (IpFamily family : IpFamily.values()) {
            layout.guard(family);
        }
        for (IpFamily family : IpFamily.values()) {
            layout.mark(family);
            layout.translate(family);
            layout.keepQuiet(family);
        }
        layout.hook("prerouting", Hook.PREROUTING, layout.prerouting);
        layout.hook("output", Hook.OUTPUT, layout.output);
        layout.hook("postrouting", Hook.POSTROUTING, layout.postrouting);
        return new TableLayout(layout.sets, layout.chains);
    }

    /** A hook costs every packet, and one for NAT turns connection tracking on: only where there is something to do. */
    private void hook(String name, Hook hook, List<List<Expression>> rules) {
        if (!rules.isEmpty()) {
            chains.put(name, new ChainLayout(Optional.of(hook), rules));
        }
    }

    private void guard(IpFamily family) {
        Map<SortedSet<IpPrefix>, String> chainOf = new HashMap<>();
        for (SortedSet<IpPrefix> sources : rules.sourceLists(family)) {
            String number = (family == IpFamily.IPV4 ? "4-" : "6-") + chainOf.size();
            chainOf.put(sources, "allow" + number);
            List<Expression> rule = new ArrayList<>();
            if (!sources.isEmpty()) {
                sets.put(
                        "sources" + number,
                        new SetLayout(sourceKey(family), ValueType.NONE, true, sourceElements(sources)));
                rule.add(new LoadMeta(NFT_META_NFPROTO, Expression.FIRST_REGISTER));
                rule.add(new IsByte(Expression.FIRST_REGISTER, protocol(family)));
                rule.add(loadSource(family));
                rule.add(new IsIn("sources" + number, Expression.FIRST_REGISTER, true));
            }
            rule.add(new Count());
            rule.add(new Drop());
            chains.put("allow" + number, new ChainLayout(Optional.empty(), List.of(rule)));
        }
        for (boolean ranges : new boolean[] {false, true}) {
            Set<Element> elements = new HashSet<>();
            rules.allowedSources().forEach((destination, sources) -> {
                if (isOf(destination, family, ranges)) {
                    elements.add(element(destination, 0, chainOf.getOrDefault(sources, "")));
                }
            });
            if (!elements.isEmpty()) {
                String name = name("guarded", family, ranges);
                sets.put(name, new SetLayout(destinationKey(family), ValueType.VERDICT, ranges, elements));
                List<Expression> rule = loadDestination(family);
                rule.add(new Expression.LookUp(name, Expression.FIRST_REGISTER, Expression.VERDICT_REGISTER));
                prerouting.add(rule);
            }
        }
    }

    private void mark(IpFamily family) {
        for (boolean ranges : new boolean[] {false, true}) {
            Set<Element> elements = new HashSet<>();
            rules.marks().forEach((destination, mark) -> {
                if (isOf(destination, family, ranges)) {
                    elements.add(element(destination, mark, ""));
                }
            });
            if (!elements.isEmpty()) {
                String name = name("marks", family, ranges);
                sets.put(name, new SetLayout(destinationKey(family), ValueType.MARK, ranges, elements));
                List<Expression> rule = loadDestination(family);
                rule.add(new Expression.LookUp(name, Expression.FIRST_REGISTER, Expression.FIRST_REGISTER));
                rule.add(new SetMark(Expression.FIRST_REGISTER));
                prerouting.add(rule);
                output.add(rule);
            }
        }
    }

    private void translate(IpFamily family) {
        for (boolean ranges : new boolean[] {false, true}) {
            Set<Element> elements = new HashSet<>();
            rules.sourceNat().forEach(destination -> {
                if (isOf(destination, family, ranges)) {
                    elements.add(element(destination, 0, ""));
                }
            });
            if (!elements.isEmpty()) {
                String name = name("source-nat", family, ranges);
                sets.put(name, new SetLayout(destinationKey(family), ValueType.NONE, ranges, elements));
                List<Expression> rule = loadDestination(family);
                rule.add(new IsIn(name, Expression.FIRST_REGISTER, true));
                rule.add(new LoadOriginal(
                        family == IpFamily.IPV4 ? NFT_CT_DST_IP : NFT_CT_DST_IP6, Expression.register(1)));
                rule.add(new LoadOriginal(NFT_CT_PROTO_DST, portRegister(family)));
                rule.add(new IsIn(name, Expression.FIRST_REGISTER, false));
                rule.add(new Count());
                rule.add(new Masquerade());
                postrouting.add(rule);
            }
        }
    }

    private void keepQuiet(IpFamily family) {
        Set<Element> elements = new HashSet<>();
        for (IpAddress address : rules.quiet()) {
            if (address.family() == family) {
                elements.add(new Element(ByteBuffer.wrap(address.toBytes()), Optional.empty(), false, 0, ""));
            }
        }
        if (!elements.isEmpty()) {
            String name = name("quiet", family, false);
            sets.put(name, new SetLayout(sourceKey(family), ValueType.NONE, false, elements));
            List<Expression> rule = new ArrayList<>();
            rule.add(new LoadMeta(NFT_META_NFPROTO, Expression.FIRST_REGISTER));
            rule.add(new IsByte(Expression.FIRST_REGISTER, protocol(family)));
            rule.add(new LoadMeta(NFT_META_L4PROTO, Expression.FIRST_REGISTER));
            rule.add(new IsByte(Expression.FIRST_REGISTER, TCP));
            rule.add(new LoadHeader(NFT_PAYLOAD_TRANSPORT_HEADER, TCP_FLAGS, 1, Expression.FIRST_REGISTER));
            rule.add(new IsByte(Expression.FIRST_REGISTER, TCP_RESET_ALONE));
            rule.add(loadSource(family));
            rule.add(new IsIn(name, Expression.FIRST_REGISTER, false));
            rule.add(new Count());
            rule.add(new Drop());
            output.add(rule);
        }
    }

    private static String name(String purpose, IpFamily family, boolean ranges) {
        return purpose + (family == IpFamily.IPV4 ? "4" : "6") + (ranges ? "-ranges" : "");
    }

    private static boolean isOf(PacketDestination destination, IpFamily family, boolean ranges) {
        return destination.family() == family && destination.ports().isSingle() != ranges;
    }

    private static KeyType destinationKey(IpFamily family) {
        return family == IpFamily.IPV4 ? KeyType.DESTINATION_IPV4 : KeyType.DESTINATION_IPV6;
    }

    private static KeyType sourceKey(IpFamily family) {
        return family == IpFamily.IPV4 ? KeyType.SOURCE_IPV4 : KeyType.SOURCE_IPV6;
    }

    private static int protocol(IpFamily family) {
        return family == IpFamily.IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
    }

    private static long portRegister(IpFamily family) {
        return Expression.register(1 + family.lengthBytes() / 4);
    }

    private static Expression loadSource(IpFamily family) {
        return new LoadHeader(
                NFT_PAYLOAD_NETWORK_HEADER,
                family == IpFamily.IPV4 ? 12 : 8,
                family.lengthBytes(),
                Expression.FIRST_REGISTER);
    }

    /** Loads protocol, destination address and port of a packet, behind one another; ends the rule for other packets. */
    private static List<Expression> loadDestination(IpFamily family) {
        return new ArrayList<>(List.of(
                new LoadMeta(NFT_META_NFPROTO, Expression.FIRST_REGISTER),
                new IsByte(Expression.FIRST_REGISTER, protocol(family)),
                new LoadMeta(NFT_META_L4PROTO, Expression.FIRST_REGISTER),
                new LoadHeader(
                        NFT_PAYLOAD_NETWORK_HEADER,
                        family == IpFamily.IPV4 ? 16 : 24,
                        family.lengthBytes(),
                        Expression.register(1)),
                new LoadHeader(NFT_PAYLOAD_TRANSPORT_HEADER, TCP_DESTINATION_PORT, PORT_BYTES, portRegister(family))));
    }

    private static Element element(PacketDestination destination, long mark, String jump) {
        return new Element(
                key(destination, destination.ports().first()),
                destination.ports().isSingle()
                        ? Optional.empty()
                        : Optional.of(key(destination, destination.ports().last())),
                false,
                mark,
                jump);
    }

    private static ByteBuffer key(PacketDestination destination, int port) {
        ByteBuffer key =
                ByteBuffer.allocate(destinationKey(destination.family()).lengthBytes());
        key.put((byte) destination.protocol().number()).position(4);
        key.put(destination.address().toBytes()).putShort((short) port);
        return key.clear();
    }

    /** A range is the first address of it, and the first behind it unless there is none. */
    private static Set<Element> sourceElements(SortedSet<IpPrefix> sources) {
        Set<Element> elements = new HashSet<>();
        for (IpPrefix prefix : sources) {
            elements.add(new Element(ByteBuffer.wrap(prefix.address().toBytes()), Optional.empty(), false, 0, ""));
            next(prefix.last())
                    .ifPresent(behind -> elements.add(
                            new Element(ByteBuffer.wrap(behind.toBytes()), Optional.empty(), true, 0, "")));
        }
        return elements;
    }

    private static Optional<IpAddress> next(IpAddress address) {
        if (address.family() == IpFamily.IPV4) {
            return address.low() == 0xffffffffL
                    ? Optional.empty()
                    : Optional.of(new IpAddress(IpFamily.IPV4, 0, address.low() + 1));
        }
        if (address.low() != -1L) {
            return Optional.of(new IpAddress(IpFamily.IPV6, address.high(), address.low() + 1));
        }
        return address.high() == -1L
                ? Optional.empty()
                : Optional.of(new IpAddress(IpFamily.IPV6, address.high() + 1, 0));
    }
}
