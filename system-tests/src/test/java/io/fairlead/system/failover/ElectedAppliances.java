package io.fairlead.system.failover;

import io.fairlead.appliance.admin.HaReport.RouterLine;
import io.fairlead.appliance.admin.HaReport.Shared;
import io.fairlead.appliance.event.EventKind;
import io.fairlead.ha.channel.KeyFile;
import io.fairlead.system.appliance.ApplianceProcess;
import io.fairlead.system.topology.Bridge;
import io.fairlead.system.topology.Link;
import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Appliances on one link, of which one has the virtual address, and a client beside them. No virtual servers: no IPVS. */
final class ElectedAppliances implements AutoCloseable {

    static final String VIP = "192.0.2.100";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Topology topology = Topology.create();
    private final Bridge front = topology.bridge("front");
    private final Path key;
    private final int count;
    private final List<Member> members = new ArrayList<>();
    final NetworkHost client = topology.host("client");

    /** One of them, on a host with addresses 192.0.2.NUMBER and 2001:db8::NUMBER. */
    final class Member {
        final int number;
        final NetworkHost host;
        final Link cable;
        final ApplianceProcess appliance;

        private Member(int number, String router) {
            this.number = number;
            host = topology.host("edge-" + number);
            cable = front.attach(host, address(number) + "/24", "2001:db8::" + number + "/64");
            appliance = ApplianceProcess.start(host, configuration(router));
        }

        private String configuration(String router) {
            String peers = IntStream.rangeClosed(1, count)
                    .mapToObj(peer -> '"' + address(peer) + '"')
                    .collect(Collectors.joining(", "));
            return """
                fairlead.high-availability {
                  cluster = edge, interface = eth0, bind-address = "%s"
                  peers = [%s], secret-file = "%s"
                  virtual-routers.blue {
                    id = 51, addresses = ["%s"], advertisement-interval = 200ms
                    %s
                  }
                }
                """.formatted(address(number), peers, key, VIP, router);
        }

        /** Follows another configuration of the virtual router. */
        void reload(String router) {
            if (!appliance.reload(configuration(router)).accepted()) {
                throw new AssertionError("not accepted: " + router);
            }
        }

        /** Returns what it calls its first peer, such as {@code silent}; empty if it does not answer. */
        String roleOfPeer() {
            return role().isEmpty()
                    ? ""
                    : appliance
                            .highAvailability()
                            .routers()
                            .getFirst()
                            .peers()
                            .getFirst()
                            .role();
        }

        /** Returns the addresses of the peers with which it shares what it knows; none if it does not answer. */
        List<String> group() {
            return role().isEmpty()
                    ? List.of()
                    : Optional.ofNullable(appliance.highAvailability().shared())
                            .map(Shared::members)
                            .orElse(List.of());
        }

        /** By which its neighbours know it. */
        String hardware() {
            return host.run("cat", "/sys/class/net/eth0/address")
                    .orThrow()
                    .out()
                    .strip();
        }

        String addresses() {
            return host.run("ip", "-4", "address", "show", "dev", "eth0")
                    .orThrow()
                    .out();
        }

        boolean holds() {
            return addresses().contains(VIP + "/32");
        }

        /** Returns the exit code of a command. */
        int fairlead(String... words) {
            List<String> all = new ArrayList<>(Arrays.asList(words));
            all.addAll(List.of("--socket", appliance.socket().toString()));
            return host.run(
                            PATIENCE,
                            ApplianceProcess.command("64m", all.toArray(String[]::new))
                                    .toArray(String[]::new))
                    .exit();
        }

        /** Returns the role, or nothing while nobody answers or no election has begun. */
        String role() {
            return router().map(RouterLine::role).orElse("");
        }

        /** Returns what the link says to it, or nothing likewise, and where it is not asked. */
        String isolation() {
            return router().flatMap(line -> Optional.ofNullable(line.isolation()))
                    .orElse("");
        }

        private Optional<RouterLine> router() {
            try {
                return appliance.highAvailability().routers().stream().findFirst();
            } catch (UncheckedIOException e) {
                return Optional.empty();
            }
        }

        /** Returns whether an event of a virtual router was for this cause. */
        boolean told(String cause) {
            return appliance.events().stream()
                    .anyMatch(event ->
                            event.kind() == EventKind.ROLE && event.cause().equals(cause));
        }

        void awaitRole(String role) {
            await(host + " is " + role, () -> role().equals(role));
        }

        /** Sends a signal to the process. */
        void signal(String signal) {
            host.run("kill", "-" + signal, Long.toString(appliance.process().pid()))
                    .orThrow();
        }

        /** From now on drops what {@code match}, in the words of {@code nft}, says of packets that come in. */
        void drop(String match) {
            host.runWithInput(
                            "table inet faults {\n chain input {\n type filter hook input priority 0\n " + match
                                    + " drop\n}\n}\n",
                            "nft",
                            "-f",
                            "-")
                    .orThrow();
        }

        void dropNothing() {
            host.run("nft", "delete", "table", "inet", "faults").orThrow();
        }
    }

    /** An empty link for so many. */
    ElectedAppliances(int count) {
        this.count = count;
        front.attach(client, "192.0.2.9/24", "2001:db8::9/64");
        try {
            key = Files.createTempFile("cluster", ".key"); // readable to nobody else
            Files.writeString(key, KeyFile.newKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the file with the key that all share. */
    Path key() {
        return key;
    }

    private static String address(int number) {
        return "192.0.2." + number;
    }

    /** Puts another host onto the link. */
    NetworkHost neighbor(String name, String... addresses) {
        NetworkHost host = topology.host(name);
        front.attach(host, addresses);
        return host;
    }

    /** Starts the next one. */
    Member start(String router) {
        Member member = new Member(members.size() + 1, router);
        members.add(member);
        return member;
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what
                        + members.stream()
                                .map(member -> "\n" + member.host + ":\n" + member.addresses()
                                        + member.appliance.process().err())
                                .collect(Collectors.joining()));
            }
            pause(Duration.ofMillis(50));
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until this one has the address, and it alone, and the client reaches it. */
    void awaitMaster(Member master) {
        await(
                master.host + " holds the address, and it alone",
                () -> members.stream().allMatch(member -> member.holds() == (member == master)));
        await("the client reaches it", this::answers);
    }

    /** Waits until any one has the address, and it alone, and the client reaches it. */
    Member awaitOneMaster() {
        AtomicReference<@Nullable Member> master = new AtomicReference<>();
        await("one holds the address, and the client reaches it", () -> {
            List<Member> holders = holders();
            master.set(holders.isEmpty() ? null : holders.getFirst());
            return holders.size() == 1 && answers();
        });
        return Objects.requireNonNull(master.get());
    }

    List<Member> holders() {
        return members.stream().filter(Member::holds).toList();
    }

    boolean answers() {
        return client.run("ping", "-c", "1", "-W", "1", VIP).exit() == 0;
    }

    @Override
    public void close() {
        try (topology) {
            members.forEach(member -> member.appliance.close());
            Files.deleteIfExists(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
