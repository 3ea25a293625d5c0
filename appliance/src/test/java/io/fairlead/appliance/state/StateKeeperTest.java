package io.fairlead.appliance.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.model.RealServerKey;
import io.fairlead.core.model.VirtualServerKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.ServerAddress;
import io.fairlead.core.net.TransportProtocol;
import io.fairlead.core.policy.AdminState;
import io.fairlead.core.policy.DrainCause;
import io.fairlead.core.policy.MemberState;
import io.fairlead.core.policy.OperatorOverride;
import io.fairlead.core.policy.PoolState;
import io.fairlead.core.policy.Quorum;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.ha.shared.Wishes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateKeeperTest {

    private static final VirtualServerKey WEB =
            new VirtualServerKey.AddressKey(TransportProtocol.TCP, ServerAddress.parse("192.0.2.10:443"));
    private static final VirtualServerKey DNS =
            new VirtualServerKey.AddressKey(TransportProtocol.UDP, ServerAddress.parse("[2001:db8::10]:53"));
    private static final VirtualServerKey MARK = new VirtualServerKey.FwmarkKey(IpFamily.IPV6, 7);
    private static final RealServerKey ONE = new RealServerKey(ServerAddress.parse("198.51.100.1:80"));
    private static final RealServerKey TWO = new RealServerKey(ServerAddress.parse("[2001:db8::2]:80"));
    private static final OperatorOverride DRAINED =
            new OperatorOverride(AdminState.DRAINED, OptionalInt.of(3), Optional.of(Duration.ofSeconds(90)));
    private static final Wishes WISHES = Wishes.NONE
            .with(-7, 41, "web/web-1", SharedTerms.wish(DRAINED))
            .with(9, 5, "shop/cart:http/ipv6/[2001:db8::5]:80", SharedTerms.wish(DRAINED))
            .with(9, 5, "web/web-2", Optional.empty());

    /** That of the keeper, which waits no longer for the disk when it closes. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private static PoolState state(MonotonicInstant since, Duration timeout) {
        return new PoolState(
                Quorum.State.LOST,
                Map.of(
                        ONE,
                        new MemberState.Draining(
                                DrainCause.REMOVED, since, since.plus(timeout), since, Optional.empty()),
                        TWO,
                        new MemberState.Serving(Optional.of(since))));
    }

    private StateKeeper keeper(Path at) {
        return new StateKeeper(new StateFile(at), Ticker.system());
    }

    /** Closes it, and waits for the file where a slow disk made it give up; otherwise it must have written. */
    private void close(StateKeeper keeper) throws InterruptedException {
        long start = System.nanoTime();
        keeper.close();
        if (System.nanoTime() - start >= STOP_TIMEOUT.toNanos()) {
            for (int i = 0; i < 300 && !Files.exists(folder.resolve("state")); i++) {
                Thread.sleep(100);
            }
        }
    }

    @Test
    void aLaterProcessFindsWhatWasNoted() {
        Path deeper = folder.resolve("lib/fairlead");
        MonotonicInstant now = Ticker.system().now();
        try (StateKeeper keeper = keeper(deeper)) {
            assertThat(keeper.memory()).isEqualTo(Memory.NONE);
            keeper.note(WEB, Optional.of(PoolState.INITIAL));
            keeper.note(DNS, Optional.of(state(now, Duration.ofHours(1))));
            keeper.note(MARK, Optional.of(PoolState.INITIAL));
            keeper.note(MARK, Optional.empty());
            keeper.noteWishes(WISHES);
            keeper.flush().join();
        }

        try (StateKeeper keeper = keeper(deeper)) {
            Memory memory = keeper.memory();
            assertThat(memory.wishes()).isEqualTo(WISHES);
            assertThat(memory.pools()).containsOnlyKeys(WEB, DNS);
            PoolState found = requireNonNull(memory.pools().get(DNS));
            assertThat(found.quorum()).isEqualTo(Quorum.State.LOST);
            assertThat(found.members()).containsOnlyKeys(ONE, TWO);
            MemberState.Draining drain =
                    (MemberState.Draining) requireNonNull(found.members().get(ONE));
            // Whole seconds, from two clocks.
            assertThat(drain.deadline().since(now.plus(Duration.ofHours(1))).abs())
                    .isLessThan(Duration.ofSeconds(2));
            MemberState.Serving serving =
                    (MemberState.Serving) requireNonNull(found.members().get(TWO));
            assertThat(serving.rampSince().orElseThrow().since(now).abs()).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void whatAVersionWroteThatSharedNothingWasSaidAlone() {
        StateText text = new StateText(Instant.EPOCH, new MonotonicInstant(0), "boot");
        SavedState older = new SavedState(java.util.List.of(), StateText.overrides(WISHES), null, null, null);

        Wishes found = text.memory(older).wishes();

        assertThat(found.all()).isEqualTo(WISHES.all());
        assertThat(found.seen()).containsOnlyKeys(Wishes.ALONE);
    }

    @Test
    void whatIsNotedLastIsWrittenWhenItCloses() throws InterruptedException {
        StateKeeper first = keeper(folder);
        first.note(MARK, Optional.of(PoolState.INITIAL));
        close(first);

        try (StateKeeper keeper = keeper(folder)) {
            assertThat(keeper.memory().pools()).containsOnlyKeys(MARK);
        }
    }

    @Test
    void damageAnywhereSetsTheFileAside() throws IOException {
        try (StateKeeper keeper = keeper(folder)) {
            keeper.note(WEB, Optional.of(state(Ticker.system().now(), Duration.ofHours(1))));
            keeper.flush().join();
        }
        byte[] good = Files.readAllBytes(folder.resolve("state"));
        Random random = new Random(1);

        for (int i = 0; i < 300; i++) {
            byte[] bad =
                    random.nextBoolean() ? good.clone() : java.util.Arrays.copyOf(good, random.nextInt(good.length));
            if (bad.length == good.length) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(folder.resolve("state"), bad);
            StateFile.Loaded loaded = new StateFile(folder).load();

            assertThat(loaded.state()).isEqualTo(SavedState.EMPTY);
            assertThat(loaded.problem())
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .contains(
                                    "state file " + folder.resolve("state"),
                                    "kept as " + folder.resolve("state.damaged")));
            assertThat(folder.resolve("state.damaged")).hasBinaryContent(bad);
            assertThat(folder.resolve("state")).doesNotExist();
        }
    }

    @Test
    void aFileOfAnotherVersionIsSetAside() throws IOException {
        Files.writeString(folder.resolve("state"), "fairlead-state version=2 crc32c=00000000\n{}\n");

        assertThat(new StateFile(folder).load().problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("version 2 (expected: 1)"));
    }

    @Test
    void aDiskThatFailsIsToldToWhoWaitsAndStopsNothing() throws IOException {
        Path occupied = Files.writeString(folder.resolve("occupied"), "");
        try (StateKeeper keeper = keeper(occupied)) {
            keeper.note(WEB, Optional.of(PoolState.INITIAL));
            assertThatThrownBy(() -> keeper.flush().join()).hasMessageContaining("occupied");
            Files.delete(occupied);
            keeper.flush().join();
        }
        assertThat(occupied.resolve("state")).exists();
    }

    @Test
    void aClockThatWasSetNeverMakesADrainLongerThanItWas() {
        MonotonicInstant then = new MonotonicInstant(0);
        Instant wall = Instant.parse("2026-01-02T03:00:00Z");
        SavedState saved = new SavedState(
                java.util.List.of(new StateText(wall, then, "boot").entry(WEB, state(then, Duration.ofMinutes(1)))),
                java.util.List.of(),
                null,
                null,
                null);
        MonotonicInstant now = new MonotonicInstant(5);

        for (Duration set : java.util.List.of(Duration.ofDays(-900), Duration.ofDays(900), Duration.ofSeconds(20))) {
            PoolState state = requireNonNull(new StateText(wall.plus(set), now, "boot")
                    .memory(saved)
                    .pools()
                    .get(WEB));
            MemberState.Draining drain =
                    (MemberState.Draining) requireNonNull(state.members().get(ONE));
            assertThat(drain.deadline().since(now)).isLessThanOrEqualTo(Duration.ofMinutes(1));
            MemberState.Serving serving =
                    (MemberState.Serving) requireNonNull(state.members().get(TWO));
            assertThat(serving.rampSince().orElseThrow().since(now)).isLessThanOrEqualTo(Duration.ZERO);
        }
    }

    private static final Set<InterfaceAddressKey> ADDRESSES = Set.of(
            new InterfaceAddressKey("eth0", IpAddress.parse("192.0.2.10"), 32),
            new InterfaceAddressKey("vip0", IpAddress.parse("2001:db8::10"), 64));

    @Test
    void addressesOfThisBootAreRemembered() throws IOException, InterruptedException {
        StateKeeper first = keeper(folder);
        first.noteAddresses(Set.of());
        first.noteAddresses(ADDRESSES);
        close(first);

        try (StateKeeper keeper = keeper(folder)) {
            assertThat(keeper.memory().addresses()).isEqualTo(ADDRESSES);
        }
        assertThat(folder.resolve("state")).content().contains("192.0.2.10/32 dev eth0");
    }

    @Test
    void addressesOfAnotherBootAreNot() {
        StateText then = new StateText(Instant.EPOCH, new MonotonicInstant(0), "then");
        SavedState saved =
                new SavedState(java.util.List.of(), java.util.List.of(), then.entries(ADDRESSES), null, null);

        assertThat(then.memory(saved).addresses()).isEqualTo(ADDRESSES);
        assertThat(new StateText(Instant.EPOCH, new MonotonicInstant(0), "now")
                        .memory(saved)
                        .addresses())
                .isEmpty();
    }

    @Test
    void aFileFromBeforeThereWereAddressesIsRead() throws IOException {
        Files.writeString(
                folder.resolve("state"),
                "fairlead-state version=1 crc32c=%s%n{\"virtualServers\":[],\"overrides\":[]}%n".formatted("c1610166"));

        assertThat(new StateFile(folder).load()).isEqualTo(new StateFile.Loaded(SavedState.EMPTY, Optional.empty()));
    }
}
