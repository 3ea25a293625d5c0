package io.fairlead.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.core.model.SyncDaemon;
import io.fairlead.core.model.SyncDaemon.Channel;
import io.fairlead.core.model.SyncRole;
import io.fairlead.core.net.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel's connection sync daemons do, and the fake. */
public abstract class SyncDaemonsContract {

    private static final Channel ELSEWHERE = new Channel(IpAddress.parse("239.1.2.3"), 9000, 3);

    /** The daemons under test. */
    protected abstract SyncDaemons daemons();

    /** An interface that is up, multicasts and has an IPv4 address. */
    protected abstract String interfaceName();

    private SyncDaemon daemon(SyncRole role, int syncId, Channel channel) {
        return new SyncDaemon(role, interfaceName(), syncId, channel, 1200);
    }

    @BeforeEach
    final void startWithoutDaemons() {
        daemons().stop(SyncRole.MASTER);
        daemons().stop(SyncRole.BACKUP);
        assertThat(daemons().read()).isEmpty();
    }

    /** While one runs the kernel refuses real servers of another family than their virtual server's, in any test. */
    @AfterEach
    final void leaveNone() {
        daemons().stop(SyncRole.MASTER);
        daemons().stop(SyncRole.BACKUP);
    }

    @Test
    void readsBackWhatWasStarted() {
        SyncDaemon master = daemon(SyncRole.MASTER, 51, Channel.KERNEL_DEFAULT);

        daemons().start(master);

        assertThat(daemons().read()).containsExactly(master);
    }

    @Test
    void readsBackAnotherGroup() {
        SyncDaemon backup = daemon(SyncRole.BACKUP, 255, ELSEWHERE);

        daemons().start(backup);

        assertThat(daemons().read()).containsExactly(backup);
    }

    @Test
    void bothRolesRunSideBySideAndStopAlone() {
        SyncDaemon master = daemon(SyncRole.MASTER, 1, Channel.KERNEL_DEFAULT);
        SyncDaemon backup = daemon(SyncRole.BACKUP, 1, Channel.KERNEL_DEFAULT);

        daemons().start(master);
        daemons().start(backup);
        assertThat(daemons().read()).containsExactlyInAnyOrder(master, backup);

        assertThat(daemons().stop(SyncRole.MASTER)).isTrue();
        assertThat(daemons().read()).containsExactly(backup);
    }

    @Test
    void theKernelDerivesALengthThatIsNotSaid() {
        daemons().start(new SyncDaemon(SyncRole.MASTER, interfaceName(), 1, Channel.KERNEL_DEFAULT, 0));

        assertThat(daemons().read())
                .singleElement()
                .satisfies(daemon -> assertThat(daemon.maxLengthBytes()).isBetween(500, 65535));
    }

    @Test
    void refusesASecondOfTheSameRoleAndAnInterfaceThatIsNotThere() {
        daemons().start(daemon(SyncRole.BACKUP, 1, Channel.KERNEL_DEFAULT));

        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> daemons().start(daemon(SyncRole.BACKUP, 2, ELSEWHERE)))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(
                        () -> daemons().start(new SyncDaemon(SyncRole.MASTER, "fl-none", 1, Channel.KERNEL_DEFAULT, 0)))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }

    /** Sooner than its thread has run once, which the kernel reports in a way of its own. */
    @Test
    void stopsADaemonThatHasJustBeenStarted() {
        for (int i = 0; i < 50; i++) {
            daemons().start(daemon(SyncRole.BACKUP, 1, Channel.KERNEL_DEFAULT));

            assertThat(daemons().stop(SyncRole.BACKUP)).isTrue();
        }
        assertThat(daemons().read()).isEmpty();
    }

    @Test
    void stoppingWhatDoesNotRunIsNoFailure() {
        assertThat(daemons().stop(SyncRole.MASTER)).isFalse();
        assertThat(daemons().stop(SyncRole.BACKUP)).isFalse();
    }
}
