package io.fairlead.ha.election;

import io.fairlead.core.net.IpAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A unit of election: a virtual router, or a sync group, whose addresses thereby move as one. One term, one master.
 *
 * @param id the virtual router's id, or that of the group's first router; 1 to 65535
 * @param priority 1 to 255; 255: this appliance owns the addresses (RFC 9568 §5.2.4)
 * @param preempt a better backup takes over from a living master
 * @param preemptDelay how long a backup must have been better, and warm, before it asks to take over
 * @param interval between two hellos, 10 ms to 40.95 s
 * @param misses after how many intervals without a hello a master is given up, 1 to 100
 * @param safety what a split may cost
 * @param addressLifetime how long the kernel keeps the addresses without renewal
 * @param expiryGrain how late the kernel may be in removing them
 * @param isolationTest without peers, ask the link before the addresses are taken, and while they are kept; only at
 *     level available
 * @param peers all appliances with this one, at most 16; sorted here by address, so that the index is the tie-break
 * @param self index of this appliance in {@code peers} as sorted
 */
public record UnitSpec(
        int id,
        String name,
        int priority,
        boolean preempt,
        Duration preemptDelay,
        Duration interval,
        int misses,
        SafetyLevel safety,
        Duration addressLifetime,
        Duration expiryGrain,
        boolean isolationTest,
        List<TrackSpec> tracks,
        List<PeerSpec> peers,
        int self) {

    /** The most appliances in one unit, this one included. */
    public static final int PEER_COUNT_MAX = 16;

    private static final Duration INTERVAL_MIN = Duration.ofMillis(10);
    private static final Duration INTERVAL_MAX = Duration.ofMillis(40_950);

    /** Rate by which two clocks may differ, as a fraction: one in 500 is twenty times what crystals do. */
    private static final int DRIFT_DIVISOR = 500;

    public UnitSpec {
        tracks = List.copyOf(tracks);
        peers = List.copyOf(peers);
        require(id >= 1 && id <= 0xffff, name, "id", id, "1..65535");
        require(priority >= 1 && priority <= 255, name, "priority", priority, "1..255");
        require(misses >= 1 && misses <= 100, name, "misses", misses, "1..100");
        require(
                interval.compareTo(INTERVAL_MIN) >= 0 && interval.compareTo(INTERVAL_MAX) <= 0,
                name,
                "interval",
                interval,
                "10ms..40.95s");
        require(!preemptDelay.isNegative(), name, "preempt-delay", preemptDelay, "not negative");
        require(addressLifetime.isPositive(), name, "address-lifetime", addressLifetime, "positive");
        require(!expiryGrain.isNegative(), name, "expiry grain", expiryGrain, "not negative");
        require(tracks.size() <= TrackSpec.COUNT_MAX, name, "tracks", tracks.size(), "at most 64");
        require(peers.size() <= PEER_COUNT_MAX, name, "peers", peers.size(), "at most 16");
        require(self >= 0 && self < peers.size(), name, "self", self, "an index of peers");
        require(isSorted(peers), name, "peers", peers, "sorted by address, without a double");
        require(
                !safety.needsMajority() || peers.size() >= 3,
                name,
                "safety",
                safety,
                "three or more voters, or level available");
        require(
                safety != SafetyLevel.WITNESSED || peers.stream().anyMatch(PeerSpec::witness),
                name,
                "safety",
                safety,
                "a witness among the peers");
    }

    private static boolean isSorted(List<PeerSpec> peers) {
        Set<Integer> numbers = new HashSet<>();
        for (int index = 0; index < peers.size(); index++) {
            if (!numbers.add(peers.get(index).number())) {
                return false;
            }
            if (index > 0
                    && peers.get(index - 1).address().compareTo(peers.get(index).address()) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean valid, String unit, String what, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "virtual router " + unit + ": " + what + " " + value + " (expected: " + expected + ")");
        }
    }

    /** Returns {@code peers} in the order that the constructor expects: by address. */
    public static List<PeerSpec> sorted(List<PeerSpec> peers) {
        return peers.stream()
                .sorted(Comparator.<PeerSpec, IpAddress>comparing(PeerSpec::address))
                .toList();
    }

    /** Returns whether this appliance votes only. */
    public boolean isWitness() {
        return peers.get(self).witness();
    }

    /** Returns whether the addresses are this appliance's own, so that tracking leaves its priority alone. */
    public boolean isOwner() {
        return priority == 255;
    }

    /** Returns how many voters must support a master. */
    public int majority() {
        return peers.size() / 2 + 1;
    }

    long intervalNanos() {
        return interval.toNanos();
    }

    /** The least that any peer waits for a hello before it takes over; who was silent for longer may have lost. */
    long patienceNanos() {
        return misses * intervalNanos();
    }

    /** How long a voter's promise to a master binds it: until the kernel of a dead master has let go. */
    long promiseNanos() {
        return patienceNanos() + intervalNanos() / 2 + expiryGrain.toNanos();
    }

    /** How long after the sending of a hello that a majority has answered its sender may hold the addresses. */
    long leaseNanos() {
        long promise = promiseNanos();
        return promise - promise / DRIFT_DIVISOR - expiryGrain.toNanos();
    }

    /** How long a voter that has just started must keep still, since it does not know what it promised before. */
    long amnesiaNanos() {
        return promiseNanos() + promiseNanos() / DRIFT_DIVISOR;
    }

    /** Returns whether the link is asked when no peer is heard: alone, an appliance has nobody to leave the addresses to. */
    boolean asksTheLink() {
        return isolationTest && !safety.needsMajority() && peers.size() > 1 && !isWitness();
    }

    /** How long after its last renewal the kernel of a dead master may answer for the addresses. */
    long lingerNanos() {
        return addressLifetime.toNanos() + expiryGrain.toNanos();
    }

    /** Returns the index of the peer with this number, or -1. */
    public int indexOf(int number) {
        for (int index = 0; index < peers.size(); index++) {
            if (peers.get(index).number() == number) {
                return index;
            }
        }
        return -1;
    }
}
