package io.fairlead.ha.election;

/** Whether a peer whose hellos cannot be read holds the addresses, as far as it could make itself understood. */
public enum Holding {
    NO,
    YES,
    UNKNOWN
}
