package io.fairlead.core.model;

import java.util.Locale;

/** How far an IPv4 address is valid, in the words of {@code ip address}. Of an IPv6 address the kernel knows by itself. */
public enum AddressScope {
    GLOBAL,
    LINK,
    HOST;

    /** Returns the word for configuration and command lines. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
