package io.fairlead.conf.keepalived;

import io.fairlead.core.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a {@code vrrp_instance} says, with what keepalived makes of keywords that contradict each other. */
final class VrrpInstance {

    private static final int OWNER = 255;
    private static final Duration INTERVAL_MIN = Duration.ofMillis(10);
    private static final Duration INTERVAL_MAX = Duration.ofMillis(40_950);
    private static final Duration DELAY_MAX = Duration.ofMinutes(60);

    private final Statement at;
    private final Remarks remarks;
    private final Arguments arguments;
    private final Tracks tracks = new Tracks();
    private final NotifyScripts notifyScripts;
    private final List<PlacedAddress> addresses = new ArrayList<>();
    private String interfaceName = "";
    private OptionalInt id = OptionalInt.empty();
    private long priority = 100;
    private boolean startsAsMaster;
    private boolean preempts = true;
    private Duration preemptDelay = Duration.ZERO;
    private Duration interval = Duration.ofSeconds(1);
    private long misses;
    private Optional<IpAddress> source = Optional.empty();
    private Optional<Statement> peerBlock = Optional.empty();
    private final List<IpAddress> peers = new ArrayList<>();
    private boolean tracksOwnInterface = true;

    private VrrpInstance(Statement at, VrrpGlobals globals, Remarks remarks) {
        this.at = at;
        this.remarks = remarks;
        this.arguments = new Arguments(remarks);
        this.misses = globals.downTimerAdverts();
        this.notifyScripts = new NotifyScripts("INSTANCE", name());
    }

    static VrrpInstance read(Statement statement, VrrpGlobals globals, Trackers trackers, Remarks remarks) {
        VrrpInstance instance = new VrrpInstance(statement, globals, remarks);
        statement.body().forEach(inner -> instance.take(inner, trackers));
        instance.settle();
        return instance;
    }

    private void take(Statement statement, Trackers trackers) {
        switch (statement.keyword()) {
            case "state" -> startsAsMaster = statement.argument(0).equals(Optional.of("MASTER"));
            case "interface" -> arguments.text(statement).ifPresent(name -> interfaceName = name);
            case "virtual_router_id" ->
                arguments.number(statement, 1, 255).ifPresent(number -> id = OptionalInt.of(number.intValue()));
            case "priority" -> arguments.number(statement, 1, OWNER).ifPresent(number -> priority = number);
            case "advert_int" ->
                arguments
                        .timer(statement)
                        .ifPresent(time -> interval = within(statement, time, INTERVAL_MIN, INTERVAL_MAX));
            case "down_timer_adverts" -> arguments.number(statement, 1, 100).ifPresent(number -> misses = number);
            case "nopreempt" -> preempts = false;
            case "preempt" -> preempts = true;
            case "preempt_delay" ->
                arguments
                        .timer(statement)
                        .ifPresent(time -> preemptDelay = within(statement, time, Duration.ZERO, DELAY_MAX));
            case "unicast_src_ip", "mcast_src_ip" -> source = arguments.address(statement);
            case "unicast_peer" -> {
                peerBlock = Optional.of(statement);
                statement.body().forEach(this::peer);
            }
            case "virtual_ipaddress", "virtual_ipaddress_excluded" ->
                addresses.addAll(PlacedAddress.parseAll(statement, remarks));
            case "dont_track_primary" -> tracksOwnInterface = false;
            case "no_virtual_ipaddress", "version", "native_ipv6", "accept", "debug" -> {} // nothing to carry over
            default -> {
                if (!trackers.track(statement, tracks) && !notifyScripts.take(statement)) {
                    Uncarried.remark(statement, remarks);
                }
            }
        }
    }

    /** {@code ADDRESS [min_ttl N] [max_ttl N]}. */
    private void peer(Statement line) {
        Arguments.address(line.keyword())
                .ifPresentOrElse(peers::add, () -> remarks.add(line, "not carried over (expected: an IP address)"));
    }

    private Duration within(Statement statement, Duration time, Duration min, Duration max) {
        Duration taken = time.compareTo(min) < 0 ? min : time.compareTo(max) > 0 ? max : time;
        if (!taken.equals(time)) {
            remarks.add(
                    statement,
                    Arguments.duration(time).text() + " becomes "
                            + Arguments.duration(taken).text());
        }
        return taken;
    }

    /** As keepalived does once it has read all. */
    private void settle() {
        if (!preempts && (startsAsMaster || priority == OWNER)) {
            remarks.add(at, "nopreempt is of no effect with state MASTER or priority 255, as in keepalived");
            preempts = true;
        }
        if (!preemptDelay.isZero() && (startsAsMaster || !preempts)) {
            remarks.add(at, "preempt_delay is of no effect with state MASTER or nopreempt, as in keepalived");
            preemptDelay = Duration.ZERO;
        }
    }

    Statement at() {
        return at;
    }

    String name() {
        return at.argument(0).orElse("");
    }

    String interfaceName() {
        return interfaceName;
    }

    OptionalInt id() {
        return id;
    }

    long priority() {
        return priority;
    }

    boolean preempts() {
        return preempts;
    }

    Duration preemptDelay() {
        return preemptDelay;
    }

    Duration interval() {
        return interval;
    }

    long misses() {
        return misses;
    }

    /** Where it speaks from, if it says so. */
    Optional<IpAddress> source() {
        return source;
    }

    /** Where its peers are listed; empty with multicast. */
    Optional<Statement> peerBlock() {
        return peerBlock;
    }

    List<IpAddress> peers() {
        return peers;
    }

    boolean tracksOwnInterface() {
        return tracksOwnInterface;
    }

    List<PlacedAddress> addresses() {
        return addresses;
    }

    Tracks tracks() {
        return tracks;
    }

    NotifyScripts notifyScripts() {
        return notifyScripts;
    }
}
