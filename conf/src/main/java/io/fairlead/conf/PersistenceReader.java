package io.fairlead.conf;

import io.fairlead.core.model.Persistence;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.TransportProtocol;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Reads {@code persistence} of a virtual server; its presence turns persistence on. */
final class PersistenceReader {

    static final Keys KEYS = new Keys("fairlead.virtual-servers.NAME.persistence");
    private static final String TIMEOUT = KEYS.add("timeout");
    private static final String NETMASK = KEYS.add("netmask");

    private static final String ENGINE = KEYS.add("engine");
    /** The engines of Linux 6.x. */
    private static final Choices<String> ENGINES = new Choices<String>().add("sip", "sip");

    private static final Duration TIMEOUT_DEFAULT = Duration.ofMinutes(5); // IP_VS_TEMPLATE_TIMEOUT

    private PersistenceReader() {}

    static Persistence read(Section section, IpFamily family) {
        Optional<Duration> timeout = section.duration(TIMEOUT, Persistence.TIMEOUT_MIN, Persistence.TIMEOUT_MAX);
        if (timeout.isPresent()
                && !timeout.get().truncatedTo(ChronoUnit.SECONDS).equals(timeout.get())) {
            section.error(TIMEOUT, DurationText.of(timeout.get()) + " (expected: whole seconds)");
            timeout = Optional.empty();
        }
        int prefixLength = section.integer(NETMASK, 1, family.lengthBits()).orElse(family.lengthBits());
        return new Persistence(timeout.orElse(TIMEOUT_DEFAULT), prefixLength, section.choice(ENGINE, ENGINES));
    }

    /** {@code ip_vs_sip_fill_param} looks for a Call-ID in UDP only. */
    static void checkProtocol(Section virtualServer, String key, Persistence persistence, TransportProtocol protocol) {
        if (persistence.engine().isPresent() && protocol != TransportProtocol.UDP) {
            virtualServer
                    .section(key, KEYS)
                    .ifPresent(section -> section.error(
                            ENGINE,
                            persistence.engine().get() + " with protocol " + Names.of(protocol)
                                    + " (expected: only with protocol udp)"));
        }
    }
}
