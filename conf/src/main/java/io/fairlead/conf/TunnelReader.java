package io.fairlead.conf;

import io.fairlead.core.model.Tunnel;
import io.fairlead.core.model.Tunnel.Checksum;
import io.fairlead.core.model.Tunnel.Encapsulation;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code tunnel} of a virtual server or a real server. */
final class TunnelReader {

    static final String SECTION = "tunnel";
    static final Keys KEYS = new Keys("fairlead.virtual-servers.NAME.tunnel");
    private static final String TYPE = KEYS.add("type");
    private static final String PORT = KEYS.add("port");
    private static final String CHECKSUM = KEYS.add("checksum");

    private static final Choices<Encapsulation> TYPES = new Choices<Encapsulation>()
            .add("ipip", Encapsulation.IPIP)
            .add("gre", Encapsulation.GRE)
            .add("gue", Encapsulation.GUE);
    private static final Choices<Checksum> CHECKSUMS = new Choices<Checksum>()
            .add("none", Checksum.NONE)
            .add("full", Checksum.FULL)
            .add("remote", Checksum.REMOTE);

    private TunnelReader() {}

    /** Returns the tunnel, if the section is there; what is wrong in it is a problem. */
    static Optional<Tunnel> read(Section parent, String key) {
        return parent.has(key) ? parent.section(key, KEYS).map(TunnelReader::read) : Optional.empty();
    }

    private static Tunnel read(Section section) {
        Encapsulation type = section.choice(TYPE, TYPES).orElse(Encapsulation.IPIP);
        OptionalInt port = section.integer(PORT, 1, 65535);
        Checksum checksum = section.choice(CHECKSUM, CHECKSUMS).orElse(Checksum.NONE);
        if (!section.has(TYPE)) {
            section.missing(TYPE, "ipip, gre or gue");
        }
        if (type == Encapsulation.GUE && !section.has(PORT)) {
            section.missing(PORT, "the UDP port of the tunnel at the real server, 1..65535, with type gue");
        }
        if (type != Encapsulation.GUE && section.has(PORT) && section.has(TYPE)) {
            section.error(PORT, "given with type " + type.configName() + " (expected: only with type gue)");
        }
        if (!type.knows(checksum)) {
            section.error(
                    CHECKSUM,
                    checksum.configName() + " with type " + type.configName()
                            + " (expected: full with type gre or gue, remote with type gue)");
            return Tunnel.IPIP;
        }
        if (type == Encapsulation.GUE && port.isEmpty()) {
            return Tunnel.IPIP;
        }
        return new Tunnel(type, type == Encapsulation.GUE ? port.getAsInt() : 0, checksum);
    }
}
