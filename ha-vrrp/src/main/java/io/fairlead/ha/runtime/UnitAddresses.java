package io.fairlead.ha.runtime;

/** The addresses of one unit on this host: all of them or none. Used by the election's thread alone; must not take time. */
public interface UnitAddresses {

    /**
     * Adds the addresses that are missing and begins the lifetime of all of them anew.
     *
     * @param lifetimeNanos the kernel removes them then, rounded up to its grain; positive
     * @return false if the kernel refused one: then none is left, as far as it allows
     */
    boolean hold(long lifetimeNanos);

    /** Returns false if an address may still be there. */
    boolean remove();

    /** Tells the neighbours where the addresses are. What cannot be sent is lost, as frames are. */
    void announce();

    /** Makes ready for a takeover, so that it costs no more than it must: at first, and when an interface is another. */
    void prepare();

    /** Returns false if an address may still be there that {@code successor}, which replaces this, has not. */
    boolean removeAllBut(UnitAddresses successor);
}
