package io.fairlead.health.check;

/** The types of DNS records that a check may ask for, with IANA's numbers. */
public enum DnsRecordKind {
    A(1),
    NS(2),
    CNAME(5),
    SOA(6),
    PTR(12),
    MX(15),
    TXT(16),
    AAAA(28),
    SRV(33),
    NAPTR(35),
    DS(43),
    RRSIG(46),
    NSEC(47),
    DNSKEY(48),
    TLSA(52),
    SVCB(64),
    HTTPS(65),
    ANY(255),
    CAA(257);

    private final int number;

    DnsRecordKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
