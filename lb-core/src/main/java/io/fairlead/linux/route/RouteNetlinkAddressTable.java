package io.fairlead.linux.route;

import static io.fairlead.linux.route.RouteAttributes.*;

import io.fairlead.core.kernel.AddressReport;
import io.fairlead.core.kernel.AddressReport.OpFailure;
import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.kernel.InterfaceStatus;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.InterfaceAddressStatus;
import io.fairlead.core.net.HardwareAddress;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.reconcile.AddressOp;
import io.fairlead.linux.socket.NetlinkSocket;
import io.fairlead.linux.wire.AttributeSet;
import io.fairlead.linux.wire.MessageReader;
import io.fairlead.linux.wire.NetlinkChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel's interfaces and addresses through rtnetlink.
 *
 * <p>Addresses are added without a route to their prefix ({@code IFA_F_NOPREFIXROUTE}): a virtual IP adds no network.
 * IPv6 addresses skip duplicate address detection, which would keep them unusable for a second, and are deprecated from the
 * start, so that the kernel does not choose them as the source of connections of its own.
 */
public final class RouteNetlinkAddressTable implements AddressTable, AutoCloseable {

    private static final long FOREVER_SECONDS = 0xffff_ffffL;
    private static final AddressReport NOTHING_DONE = new AddressReport(0, List.of());
    private static final byte[] ANY_LINK = new byte[LINK_HEADER_BYTES];
    private static final byte[] ANY_ADDRESS = new byte[ADDRESS_HEADER_BYTES];

    private final RouteNetlink netlink;

    RouteNetlinkAddressTable(NetlinkChannel channel) {
        netlink = new RouteNetlink(channel);
    }

    /** Opens the table of this process's network namespace, for the calling thread. */
    public static RouteNetlinkAddressTable open() {
        return new RouteNetlinkAddressTable(NetlinkSocket.open(NetlinkSocket.ROUTE));
    }

    @Override
    public List<InterfaceStatus> readInterfaces() {
        return netlink.dump(
                "read interfaces",
                RTM_GETLINK,
                out -> out.encoded(ANY_LINK),
                reader -> reader.type() == RTM_NEWLINK ? List.of(decodeLink(reader)) : List.of());
    }

    private static InterfaceStatus decodeLink(MessageReader reader) {
        ByteBuffer header = reader.header(LINK_HEADER_BYTES);
        AttributeSet attributes = reader.attributesAfter(LINK_HEADER_BYTES);
        int flags = header.getInt(8);
        return new InterfaceStatus(
                attributes.require(IFLA_IFNAME),
                header.getInt(4),
                (flags & IFF_UP) != 0,
                (flags & IFF_LOWER_UP) != 0,
                attributes.require(IFLA_MTU_BYTES),
                hasNeighbors(header, flags)
                        ? attributes.find(IFLA_ADDRESS).map(HardwareAddress::ofBytes)
                        : Optional.empty());
    }

    private static boolean hasNeighbors(ByteBuffer header, int flags) {
        return header.getShort(2) == ARPHRD_ETHER && (flags & (IFF_LOOPBACK | IFF_NOARP)) == 0;
    }

    @Override
    public List<InterfaceAddressStatus> readAddresses() {
        Map<Integer, String> names = new HashMap<>();
        readInterfaces().forEach(status -> names.put(status.index(), status.name()));
        return netlink.dump(
                "read addresses",
                RTM_GETADDR,
                out -> out.encoded(ANY_ADDRESS),
                reader -> reader.type() == RTM_NEWADDR ? decodeAddress(reader, names) : List.of());
    }

    /** Nothing for an interface that appeared since the interfaces were read: the next pass knows it. */
    private static List<InterfaceAddressStatus> decodeAddress(MessageReader reader, Map<Integer, String> names) {
        ByteBuffer header = reader.header(ADDRESS_HEADER_BYTES);
        String name = names.get(header.getInt(4));
        int prefixLength = Byte.toUnsignedInt(header.get(1));
        int family = header.get(0);
        if (name == null || prefixLength == 0 || (family != AF_INET && family != AF_INET6)) {
            return List.of();
        }
        AttributeSet attributes = reader.attributesAfter(ADDRESS_HEADER_BYTES);
        // On a point-to-point link IFA_ADDRESS is the far end; IPv6 without one has no IFA_LOCAL.
        IpAddress address = attributes.find(IFA_LOCAL).orElseGet(() -> attributes.require(IFA_ADDRESS));
        long flags = attributes.find(IFA_FLAGS).orElseGet(() -> (long) Byte.toUnsignedInt(header.get(2)));
        return List.of(new InterfaceAddressStatus(
                new InterfaceAddressKey(name, address, prefixLength),
                attributes.find(IFA_CACHEINFO).flatMap(RouteNetlinkAddressTable::remaining),
                attributes.find(IFA_PROTO).orElse(0),
                (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0,
                family == AF_INET ? scope(Byte.toUnsignedInt(header.get(3))) : AddressScope.GLOBAL,
                attributes.find(IFA_LABEL).filter(label -> !label.equals(name))));
    }

    /** Any number may be a scope; those of the operator's own making count as global. */
    private static AddressScope scope(int number) {
        return switch (number) {
            case RT_SCOPE_LINK -> AddressScope.LINK;
            case RT_SCOPE_HOST -> AddressScope.HOST;
            default -> AddressScope.GLOBAL;
        };
    }

    private static int number(AddressScope scope) {
        return switch (scope) {
            case GLOBAL -> RT_SCOPE_UNIVERSE;
            case LINK -> RT_SCOPE_LINK;
            case HOST -> RT_SCOPE_HOST;
        };
    }

    private static Optional<Duration> remaining(byte[] cacheInfo) {
        long validSeconds = Integer.toUnsignedLong(
                ByteBuffer.wrap(cacheInfo).order(ByteOrder.nativeOrder()).getInt(4));
        return validSeconds == FOREVER_SECONDS ? Optional.empty() : Optional.of(Duration.ofSeconds(validSeconds));
    }

    @Override
    public PreparedOps prepare(List<AddressOp> ops) {
        if (ops.isEmpty()) {
            return () -> NOTHING_DONE;
        }
        List<AddressOp> prepared = List.copyOf(ops);
        Map<String, Integer> indexes = new HashMap<>();
        readInterfaces().forEach(status -> indexes.put(status.name(), status.index()));
        List<RouteNetlink.Command> commands = new ArrayList<>(prepared.size());
        for (AddressOp op : prepared) {
            // Index 0 is no interface; the kernel refuses it with ENODEV, in its place among the others.
            commands.add(command(op, indexes.getOrDefault(op.key().interfaceName(), 0)));
        }
        RouteNetlink.Prepared encoded = netlink.prepare(commands);
        return () -> run(prepared, encoded);
    }

    private static AddressReport run(List<AddressOp> ops, RouteNetlink.Prepared encoded) {
        List<OpFailure> failures = new ArrayList<>();
        encoded.run((index, errno, kernelText) -> {
            AddressOp op = ops.get(index);
            failures.add(new OpFailure(op, new ErrnoException(op.toString(), errno, kernelText)));
        });
        return new AddressReport(ops.size() - failures.size(), failures);
    }

    private static RouteNetlink.Command command(AddressOp op, int index) {
        return switch (op) {
            case AddressOp.AddAddress(var address) -> add(op.toString(), address, NLM_F_CREATE | NLM_F_EXCL, index);
            case AddressOp.RenewAddress(var address) ->
                add(op.toString(), address, NLM_F_CREATE | NLM_F_REPLACE, index);
            case AddressOp.DeleteAddress(var key) ->
                new RouteNetlink.Command(
                        op.toString(),
                        RTM_DELADDR,
                        0,
                        out -> out.encoded(header(key, index, AddressScope.GLOBAL))
                                .put(IFA_LOCAL, key.address())
                                .put(IFA_ADDRESS, key.address()));
        };
    }

    private static RouteNetlink.Command add(String operation, InterfaceAddress address, int flags, int index) {
        InterfaceAddressKey key = address.key();
        boolean ipv6 = key.address().family() == IpFamily.IPV6;
        return new RouteNetlink.Command(operation, RTM_NEWADDR, flags, out -> {
            out.encoded(header(key, index, address.scope()))
                    .put(IFA_LOCAL, key.address())
                    .put(IFA_ADDRESS, key.address())
                    .put(IFA_FLAGS, IFA_F_NOPREFIXROUTE | (ipv6 ? IFA_F_NODAD : 0))
                    .put(IFA_PROTO, InterfaceAddressStatus.OURS)
                    .put(IFA_CACHEINFO, cacheInfo(address.lease(), ipv6));
            address.label().ifPresent(label -> out.put(IFA_LABEL, label));
        });
    }

    private static byte[] cacheInfo(Optional<Duration> lease, boolean ipv6) {
        int validSeconds =
                (int) lease.map(Duration::toSeconds).orElse(FOREVER_SECONDS).longValue();
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(0, ipv6 ? 0 : validSeconds)
                .putInt(4, validSeconds)
                .array();
    }

    private static byte[] header(InterfaceAddressKey key, int index, AddressScope scope) {
        return ByteBuffer.allocate(ADDRESS_HEADER_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) (key.address().family() == IpFamily.IPV4 ? AF_INET : AF_INET6))
                .put(1, (byte) key.prefixLength())
                .put(3, (byte) number(scope))
                .putInt(4, index)
                .array();
    }

    @Override
    public void createDummy(String interfaceName) {
        netlink.command(new RouteNetlink.Command(
                "create dummy interface " + interfaceName,
                RTM_NEWLINK,
                NLM_F_CREATE | NLM_F_EXCL,
                out -> out.encoded(ANY_LINK)
                        .put(IFLA_IFNAME, interfaceName)
                        .nest(IFLA_LINKINFO, kind -> kind.put(IFLA_INFO_KIND, "dummy"))));
    }

    @Override
    public void deleteInterface(String interfaceName) {
        String operation = "delete interface " + interfaceName;
        byte[] link = link(operation, interfaceName, 0, 0);
        netlink.command(new RouteNetlink.Command(operation, RTM_DELLINK, 0, out -> out.encoded(link)));
    }

    @Override
    public void switchInterface(String interfaceName, boolean up) {
        String operation = "switch " + (up ? "on" : "off") + " interface " + interfaceName;
        byte[] link = link(operation, interfaceName, up ? IFF_UP : 0, IFF_UP);
        netlink.command(new RouteNetlink.Command(operation, RTM_NEWLINK, 0, out -> out.encoded(link)));
    }

    private byte[] link(String operation, String interfaceName, int flags, int change) {
        InterfaceStatus status = readInterfaces().stream()
                .filter(candidate -> candidate.name().equals(interfaceName))
                .findFirst()
                .orElseThrow(() -> new ErrnoException(operation, Errno.ENODEV, ""));
        return ByteBuffer.allocate(LINK_HEADER_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(4, status.index())
                .putInt(8, flags)
                .putInt(12, change)
                .array();
    }

    @Override
    public void close() {
        netlink.close();
    }
}
