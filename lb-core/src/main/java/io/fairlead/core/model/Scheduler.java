package io.fairlead.core.model;

import java.util.regex.Pattern;

/**
 * A scheduler by the name that the kernel knows it by: {@code wlc}, {@code mh} …
 *
 * <p>A record and not an enumeration, because schedulers are kernel modules: any name of the right form is a scheduler
 * that some kernel may have.
 *
 * @param name 1..15 printable ASCII characters ({@code IP_VS_SCHEDNAME_MAXLEN} is 16 with its NUL)
 */
public record Scheduler(String name) implements Comparable<Scheduler> {

    private static final Pattern NAME = Pattern.compile("[!-~]{1,15}");

    public static final Scheduler ROUND_ROBIN = new Scheduler("rr");
    public static final Scheduler WEIGHTED_ROUND_ROBIN = new Scheduler("wrr");
    public static final Scheduler WEIGHTED_LEAST_CONNECTION = new Scheduler("wlc");
    public static final Scheduler SOURCE_HASHING = new Scheduler("sh");
    public static final Scheduler MAGLEV_HASHING = new Scheduler("mh");

    public Scheduler {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("scheduler \"" + name
                    + "\" (expected: a kernel scheduler such as rr, wrr," + " lc, wlc, sh, dh, mh)");
        }
    }

    /** Returns the kernel module that provides this scheduler. */
    public String moduleName() {
        return "ip_vs_" + name;
    }

    @Override
    public int compareTo(Scheduler other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
