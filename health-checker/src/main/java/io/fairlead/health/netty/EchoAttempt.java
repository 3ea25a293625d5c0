package io.fairlead.health.netty;

import io.fairlead.core.kernel.ErrnoException;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.health.check.CheckResult;
import io.fairlead.health.check.FailureReason;
import io.fairlead.health.check.IcmpProbeSpec;
import java.net.InetAddress;

/** One ICMP echo request and the wait for its reply. */
final class EchoAttempt extends LocalAttempt {

    private final IcmpProbeSpec spec;
    private final ProbeContext context;
    private final InetAddress address;
    private long number;

    EchoAttempt(Asker asker, IcmpProbeSpec spec, ProbeContext context, MonotonicInstant startedAt) {
        super(asker, startedAt);
        this.spec = spec;
        this.context = context;
        this.address = asker.target().address().address().toInetAddress();
    }

    @Override
    void ask() {
        IpAddress asked = asker().target().address().address();
        try {
            context.echoes().ask(this, asked.family(), address, spec.payloadBytes());
        } catch (ErrnoException e) {
            failed(FailureReason.OWN_FAULT, "not asked: " + e.getMessage());
        }
    }

    /** Notes the number under which the answer is waited for, before anything is sent. */
    void waitsUnder(long drawn) {
        number = drawn;
    }

    /** Returns whether {@code sender} is whom this asks. */
    boolean asked(InetAddress sender) {
        return address.equals(sender);
    }

    void answered() {
        ended(new CheckResult.Passed(elapsed(), "echo reply"));
    }

    @Override
    void release() {
        context.echoes().forget(number);
    }

    @Override
    String missing() {
        return "no echo reply";
    }
}
