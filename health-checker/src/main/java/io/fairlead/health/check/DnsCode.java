package io.fairlead.health.check;

/** Response codes of DNS (RFC 1035 §4.1.1, RFC 2136 §2.2). */
public enum DnsCode {
    NOERROR(0),
    FORMERR(1),
    SERVFAIL(2),
    NXDOMAIN(3),
    NOTIMP(4),
    REFUSED(5),
    YXDOMAIN(6),
    YXRRSET(7),
    NXRRSET(8),
    NOTAUTH(9),
    NOTZONE(10);

    private final int number;

    DnsCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Returns the mnemonic of {@code number}, or the number. */
    public static String name(int number) {
        for (DnsCode code : values()) {
            if (code.number == number) {
                return code.name();
            }
        }
        return "code " + number;
    }
}
