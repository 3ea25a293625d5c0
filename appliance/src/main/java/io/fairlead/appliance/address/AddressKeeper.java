package io.fairlead.appliance.address;

import io.fairlead.core.kernel.AddressTable;
import io.fairlead.core.kernel.KernelException;
import io.fairlead.core.kernel.NeighborAnnouncer;
import io.fairlead.core.model.InterfaceAddressKey;
import io.fairlead.core.net.IpAddress;
import io.fairlead.core.policy.VirtualAddressSpec;
import io.fairlead.core.reconcile.AddressPlan;
import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.linux.neighbor.PacketNeighborAnnouncer;
import io.fairlead.linux.route.RouteNetlinkAddressTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the virtual addresses on a thread of its own: the kernel's lock of addresses may be held by others for a long time,
 * and a change of health must not wait for it.
 */
public final class AddressKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AddressKeeper.class);
    private static final Path IPV6_FORWARDING = Path.of("/proc/sys/net/ipv6/conf/all/forwarding");
    private static final int QUEUE_CAPACITY_MAX = 64;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final AddressFollower follower;
    private final Ticker ticker;
    private final Runnable closing;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY_MAX);
    private final Thread thread;
    private volatile AddressView view = AddressView.NONE;
    private volatile boolean stopping;
    private volatile boolean ended;

    /**
     * Something that is asked of the thread.
     *
     * @param run completes the answer
     */
    private record Task(Runnable run, CompletableFuture<?> answer) {}

    /**
     * Begins to keep nothing yet.
     *
     * @param table used by this keeper's thread alone, as is {@code announcer}
     * @param ipv6Routing whether this host forwards IPv6
     * @param inUse the addresses of virtual servers that left the configuration and drain, empty if
     *     that is not known; asked rarely, may block
     * @param remembered what is ours by memory
     * @param closing done when the thread has ended
     */
    AddressKeeper(
            AddressTable table,
            NeighborAnnouncer announcer,
            BooleanSupplier ipv6Routing,
            Supplier<Optional<Set<IpAddress>>> inUse,
            Set<InterfaceAddressKey> remembered,
            AddressMemory memory,
            Ticker ticker,
            Runnable closing) {
        this.closing = closing;
        this.follower = new AddressFollower(table, announcer, ipv6Routing, inUse, remembered, memory);
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("fairlead-addresses").daemon().start(this::run);
    }

    /**
     * Begins to keep the addresses of this process's network namespace.
     *
     * @param inUse the addresses of virtual servers that left the configuration and drain, empty if that is not known
     * @param remembered what is ours by memory
     * @throws KernelException if the kernel refuses a socket, as without {@code CAP_NET_RAW}
     */
    public static AddressKeeper open(
            Supplier<Optional<Set<IpAddress>>> inUse,
            Set<InterfaceAddressKey> remembered,
            AddressMemory memory,
            Ticker ticker) {
        PacketNeighborAnnouncer announcer = PacketNeighborAnnouncer.open();
        RouteNetlinkAddressTable table = RouteNetlinkAddressTable.open();
        return new AddressKeeper(
                table, announcer, AddressKeeper::forwardsIpv6, inUse, remembered, memory, ticker, () -> {
                    table.close();
                    announcer.close();
                });
    }

    /** Returns whether this host forwards IPv6. Reads a file of the kernel. */
    public static boolean forwardsIpv6() {
        try {
            return Files.readString(IPV6_FORWARDING).strip().equals("1");
        } catch (IOException e) {
            return false; // a kernel without IPv6
        }
    }

    /**
     * Asks for addresses to be followed; the answer says how they stand after the first try. Any thread.
     *
     * @param reserved addresses that another part of this process puts on interfaces: left alone
     * @param interval how often to look whether somebody else changed them
     */
    public CompletableFuture<AddressView> follow(
            List<VirtualAddressSpec> specs, Set<InterfaceAddressKey> reserved, Duration interval) {
        return submit(() -> {
            follower.follow(specs, reserved, interval, ticker.now());
            return follower.view();
        });
    }

    /**
     * Asks what following addresses would do. Any thread.
     *
     * @param draining addresses that would have to stay for a while, as connections go through them
     */
    public CompletableFuture<AddressPlan> plan(List<VirtualAddressSpec> specs, Set<IpAddress> draining) {
        return submit(() -> follower.plan(specs, draining));
    }

    /** Returns how the addresses stand, as of the last pass. Any thread. */
    public AddressView view() {
        return view;
    }

    private <T> CompletableFuture<T> submit(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Task task = new Task(
                () -> {
                    try {
                        answer.complete(question.get());
                    } catch (KernelException e) {
                        answer.completeExceptionally(e);
                    }
                },
                answer);
        if (!queue.offer(task)) {
            answer.completeExceptionally(
                    new IllegalStateException("the keeper of addresses is behind: try again later"));
        }
        if (ended) {
            refuseQueued(); // nobody else will
        }
        return answer;
    }

    private void refuseQueued() {
        for (Task task = queue.poll(); task != null; task = queue.poll()) {
            task.answer().completeExceptionally(new IllegalStateException("the appliance is stopping"));
        }
    }

    private void run() {
        try {
            while (!stopping) {
                Task task = await();
                if (stopping) {
                    refuse(task);
                    break;
                }
                if (task != null) {
                    task.run().run();
                }
                follower.tick(ticker.now());
                view = follower.view();
            }
            follower.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The keeper of addresses failed; addresses stay as they are", e);
        } finally {
            ended = true;
            refuseQueued();
        }
    }

    private static void refuse(@Nullable Task task) {
        if (task != null) {
            task.answer().completeExceptionally(new IllegalStateException("the appliance is stopping"));
        }
    }

    private @Nullable Task await() throws InterruptedException {
        Optional<MonotonicInstant> wakeup = follower.nextWakeup();
        return wakeup.isEmpty()
                ? queue.take()
                : queue.poll(Math.max(0, wakeup.get().since(ticker.now()).toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Stops keeping. Removes the addresses that are not to outlive us, and leaves the others. */
    @Override
    public void close() {
        stopping = true;
        boolean _ = queue.offer(new Task(() -> {}, new CompletableFuture<>())); // if it is full, the thread is awake
        try {
            if (thread.join(STOP_TIMEOUT)) {
                closing.run();
            } else {
                LOG.warn("The keeper of addresses did not stop within {}", STOP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
