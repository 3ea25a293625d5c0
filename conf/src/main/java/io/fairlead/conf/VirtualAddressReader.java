package io.fairlead.conf;

import io.fairlead.core.announce.AnnouncementSpec;
import io.fairlead.core.model.AddressScope;
import io.fairlead.core.model.InterfaceAddress;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.policy.VirtualAddressSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code virtual-addresses}. */
final class VirtualAddressReader {

    static final Keys KEYS = new Keys("fairlead.virtual-addresses.NAME");
    private static final String INTERFACE = KEYS.add("interface");
    private static final String DUMMY = KEYS.add("dummy");
    private static final String ADDRESSES = KEYS.add("addresses");
    private static final String SCOPE = KEYS.add("scope");
    private static final String LABEL = KEYS.add("label");
    private static final String ON_STOP = KEYS.add("on-stop");
    private static final String REFRESH = KEYS.add("announcement-refresh");

    private static final Choices<AddressScope> SCOPES = new Choices<AddressScope>()
            .add("global", AddressScope.GLOBAL)
            .add("link", AddressScope.LINK)
            .add("host", AddressScope.HOST);
    private static final Choices<Boolean> ON_STOP_CHOICES =
            new Choices<Boolean>().add("keep", false).add("remove", true);
    private static final String EXPECTED_ADDRESS =
            "an IP address with or without a prefix length, such as 192.0.2.10 or 2001:db8::10/64";

    private VirtualAddressReader() {}

    /** Reads every set. An address may be in one of them only: who removes it, and when, must be certain. */
    static List<VirtualAddressSpec> read(List<Section> sections) {
        List<VirtualAddressSpec> found = new ArrayList<>(sections.size());
        Map<String, Section> seen = new HashMap<>();
        for (Section section : sections) {
            read(section, seen).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<VirtualAddressSpec> read(Section section, Map<String, Section> seen) {
        Names.check(section, "", section.name());
        Optional<String> interfaceName =
                section.text(INTERFACE, "1..15 visible characters without /", InterfaceAddressKey::isName);
        if (!section.has(INTERFACE)) {
            section.missing(INTERFACE, "the name of a network interface");
        }
        Optional<List<String>> texts = section.strings(ADDRESSES);
        if (texts.isEmpty() && !section.has(ADDRESSES)) {
            section.missing(ADDRESSES, "a list of IP addresses");
        }
        boolean dummy = section.flag(DUMMY).orElse(false);
        AddressScope scope = section.choice(SCOPE, SCOPES).orElse(AddressScope.GLOBAL);
        Optional<String> label = section.text(LABEL, "1..15 visible characters without /", InterfaceAddressKey::isName);
        boolean removeOnStop = section.choice(ON_STOP, ON_STOP_CHOICES).orElse(false);
        Optional<Duration> refresh =
                section.duration(REFRESH, AnnouncementSpec.REFRESH_MIN, AnnouncementSpec.REPEAT_MAX);
        if (interfaceName.isEmpty() || texts.isEmpty()) {
            return Optional.empty();
        }
        List<InterfaceAddress> addresses = new ArrayList<>();
        Set<IpAddress> here = new HashSet<>();
        for (int i = 0; i < texts.get().size(); i++) {
            String key = ADDRESSES + "[" + i + "]";
            Optional<InterfaceAddressKey> address =
                    address(section, key, interfaceName.get(), texts.get().get(i));
            if (address.isPresent() && isNew(section, key, address.get(), here, seen)) {
                boolean ipv4 = address.get().address().family() == IpFamily.IPV4;
                addresses.add(new InterfaceAddress(
                        address.get(),
                        Optional.empty(),
                        ipv4 ? scope : AddressScope.GLOBAL,
                        ipv4 ? label : Optional.empty()));
            }
        }
        return Optional.of(new VirtualAddressSpec(
                section.name(),
                interfaceName.get(),
                dummy,
                addresses,
                removeOnStop,
                new AnnouncementSpec(AnnouncementSpec.DEFAULT.repeats(), refresh)));
    }

    /** Returns the address that {@code text}, written at {@code key}, says. */
    static Optional<InterfaceAddressKey> address(Section section, String key, String interfaceName, String text) {
        int slash = text.indexOf('/');
        try {
            IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
            int prefixLength = slash < 0 ? address.family().lengthBits() : Integer.parseInt(text.substring(slash + 1));
            return Optional.of(new InterfaceAddressKey(interfaceName, address, prefixLength));
        } catch (IllegalArgumentException e) {
            section.error(key, Section.quoted(text) + " (expected: " + EXPECTED_ADDRESS + ")");
            return Optional.empty();
        }
    }

    private static boolean isNew(
            Section section, String key, InterfaceAddressKey address, Set<IpAddress> here, Map<String, Section> seen) {
        if (!here.add(address.address())) {
            section.error(key, address.address() + " is there twice (expected: each address once)");
            return false;
        }
        Section first = seen.putIfAbsent(address.interfaceName() + " " + address.address(), section);
        if (first != null) {
            section.error(
                    key,
                    address.address() + " on " + address.interfaceName() + " is taken by " + first.path("")
                            + " (expected: each address once on an interface)");
            return false;
        }
        return true;
    }
}
