package io.fairlead.core.model;

import java.util.regex.Pattern;

/**
 * A setting of the kernel and the value that it is to have.
 *
 * @param name such as {@code net.ipv4.vs.conntrack}
 * @param value as the kernel shows it: a number
 */
public record SysctlSetting(String name, String value) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+(\\.[A-Za-z0-9_-]+)+");

    public SysctlSetting {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("sysctl: " + name + " (expected: a name such as net.ipv4.ip_forward)");
        }
    }

    /** As {@code sysctl -w} takes it. */
    @Override
    public String toString() {
        return name + "=" + value;
    }
}
