package io.fairlead.health.netty;

/** One probe under way, whatever it asks. Tells its {@link Asker} of its end once, unless it is abandoned. */
interface OpenProbe {

    /** Begins. The probe may have ended when this returns. */
    void start();

    /** Ends without a verdict. */
    void abandon();
}
