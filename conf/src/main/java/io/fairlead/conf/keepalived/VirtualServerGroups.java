package io.fairlead.conf.keepalived;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The virtual server groups by their names: each stands for several virtual servers with the same real servers. */
final class VirtualServerGroups {

    private static final int ADDRESSES_MAX = 65_536;

    private final Map<String, List<VirtualAddress>> byName = new HashMap<>();
    private final Remarks remarks;

    VirtualServerGroups(Remarks remarks) {
        this.remarks = remarks;
    }

    /** What a virtual server answers to. */
    sealed interface VirtualAddress {}

    /** @param port 0 for every port */
    record AddressAndPort(IpAddress address, int port) implements VirtualAddress {}

    record FirewallMark(long mark, IpFamily family) implements VirtualAddress {}

    void add(Statement group) {
        List<VirtualAddress> members = new ArrayList<>();
        for (Statement member : group.body()) {
            members.addAll(member(member));
        }
        group.argument(0)
                .ifPresentOrElse(name -> byName.put(name, members), () -> remarks.add(group, "a group without a name"));
    }

    Optional<List<VirtualAddress>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private List<VirtualAddress> member(Statement member) {
        if (member.keyword().equals("fwmark")) {
            return fwmark(member.arguments()).map(List::of).orElseGet(() -> refused(member));
        }
        Optional<Integer> port = port(member.argument(0));
        String text = member.keyword();
        Optional<List<IpAddress>> addresses = text.contains("/")
                ? prefix(text)
                : text.contains("-") ? range(text) : Arguments.address(text).map(List::of);
        if (port.isEmpty() || addresses.isEmpty() || member.words().size() > 2) {
            return refused(member);
        }
        List<VirtualAddress> members = new ArrayList<>();
        addresses.get().forEach(address -> members.add(new AddressAndPort(address, port.get())));
        return members;
    }

    private List<VirtualAddress> refused(Statement member) {
        remarks.add(
                member.at(),
                "\"" + String.join(" ", member.words())
                        + "\" (expected: an address, a range or a prefix of at most " + ADDRESSES_MAX
                        + " addresses and a port, or fwmark and a number)");
        return List.of();
    }

    /** {@code N [inet|inet6]}. */
    static Optional<VirtualAddress> fwmark(List<String> arguments) {
        IpFamily family = arguments.size() > 1
                        && arguments.get(1).toLowerCase(Locale.ROOT).equals("inet6")
                ? IpFamily.IPV6
                : IpFamily.IPV4;
        return arguments.stream()
                .findFirst()
                .flatMap(Numbers::parseLong)
                .filter(mark -> mark > 0 && mark <= 0xffff_ffffL)
                .map(mark -> new FirewallMark(mark, family));
    }

    /** Returns 0 where there is none. */
    static Optional<Integer> port(Optional<String> text) {
        return text.isEmpty() ? Optional.of(0) : Numbers.parse(text.get()).filter(port -> port >= 0 && port <= 65535);
    }

    /** {@code A.B.C.D-E}, with the last part of an IPv6 address in hexadecimal, or two whole addresses. */
    private static Optional<List<IpAddress>> range(String text) {
        int dash = text.indexOf('-');
        Optional<IpAddress> from = Arguments.address(text.substring(0, dash));
        String end = text.substring(dash + 1);
        if (from.isEmpty()) {
            return Optional.empty();
        }
        Optional<IpAddress> to = Arguments.address(end);
        if (to.isPresent()) {
            return between(from.get(), number(to.get()));
        }
        boolean isIpv4 = from.get().family() == IpFamily.IPV4;
        try {
            BigInteger last = new BigInteger(end, isIpv4 ? 10 : 16);
            int bits = isIpv4 ? 8 : 16;
            BigInteger start = number(from.get()).shiftRight(bits).shiftLeft(bits);
            return last.signum() < 0 || last.bitLength() > bits
                    ? Optional.empty()
                    : between(from.get(), start.add(last));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** All of a prefix: the host part begins where the address says. */
    private static Optional<List<IpAddress>> prefix(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> from = Arguments.address(text.substring(0, slash));
        Optional<Integer> length = Numbers.parse(text.substring(slash + 1));
        if (from.isEmpty() || length.isEmpty()) {
            return Optional.empty();
        }
        int bits = from.get().toBytes().length * 8 - length.get();
        if (bits < 0 || bits > 16) {
            return Optional.empty();
        }
        BigInteger start = number(from.get()).shiftRight(bits).shiftLeft(bits);
        return between(from.get(), start.add(BigInteger.ONE.shiftLeft(bits)).subtract(BigInteger.ONE));
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    private static Optional<List<IpAddress>> between(IpAddress from, BigInteger to) {
        BigInteger first = number(from);
        BigInteger count = to.subtract(first).add(BigInteger.ONE);
        if (count.signum() <= 0 || count.compareTo(BigInteger.valueOf(ADDRESSES_MAX)) > 0) {
            return Optional.empty();
        }
        int length = from.toBytes().length;
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count.intValue(); i++) {
            byte[] digits = first.add(BigInteger.valueOf(i)).toByteArray();
            byte[] bytes = new byte[length];
            int copied = Math.min(length, digits.length);
            System.arraycopy(digits, digits.length - copied, bytes, length - copied, copied);
            addresses.add(IpAddress.ofBytes(bytes));
        }
        return Optional.of(addresses);
    }
}
