package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.IpvsConntrack;

/** The switch of connection tracking without a kernel; off at first. */
public final class FakeConntrack implements IpvsConntrack {

    private boolean on;

    @Override
    public boolean isOn() {
        return on;
    }

    @Override
    public void turnOn() {
        on = true;
    }

    /** Someone turns it off. */
    public void turnOff() {
        on = false;
    }
}
