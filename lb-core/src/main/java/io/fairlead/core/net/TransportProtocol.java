package io.fairlead.core.net;

/** A transport protocol that IPVS balances. */
public enum TransportProtocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    TransportProtocol(int number) {
        this.number = number;
    }

    /** Returns the IANA protocol number. */
    public int number() {
        return number;
    }
}
