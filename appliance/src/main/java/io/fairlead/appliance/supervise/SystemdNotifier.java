package io.fairlead.appliance.supervise;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service fares, by the protocol of sd_notify(3): datagrams of {@code NAME=value} lines to the socket
 * that the environment names. Started by anything else, it says nothing. Telling never fails anyone: what cannot be sent is
 * logged once. Any thread.
 */
public final class SystemdNotifier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

    private final byte[] address;
    private final Optional<Duration> watchdogTimeout;
    private final @Nullable Socket socket;
    private boolean failed;

    private SystemdNotifier(byte[] address, @Nullable Socket socket, Optional<Duration> watchdogTimeout) {
        this.address = address;
        this.socket = socket;
        this.watchdogTimeout = watchdogTimeout;
    }

    /** Returns the notifier for the service manager that {@code environment} names, or one that says nothing. */
    public static SystemdNotifier of(Map<String, String> environment) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (!(name.startsWith("/") || name.startsWith("@")) || !Epoll.isAvailable()) {
            return new SystemdNotifier(new byte[0], null, Optional.empty());
        }
        byte[] address = name.getBytes(StandardCharsets.UTF_8);
        if (address[0] == '@') {
            address[0] = 0; // a name in the abstract namespace, unix(7)
        }
        return new SystemdNotifier(address, Socket.newSocketDomainDgram(), watchdogTimeout(environment));
    }

    private static Optional<Duration> watchdogTimeout(Map<String, String> environment) {
        String process = environment.get("WATCHDOG_PID");
        if (process != null
                && !process.equals(Long.toString(ProcessHandle.current().pid()))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0 ? Optional.of(Duration.ofNanos(Math.multiplyExact(micros, 1000L))) : Optional.empty();
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Returns how long systemd waits for a sign of life before it ends us; empty if it does not watch. */
    public Optional<Duration> watchdogTimeout() {
        return watchdogTimeout;
    }

    /** The service does its work; {@code status} is shown by {@code systemctl status}. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** The configuration is being read again; {@link #ready} ends this. */
    public void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000); // the same clock, CLOCK_MONOTONIC
    }

    /** The service is about to end. */
    public void stopping() {
        send("STOPPING=1");
    }

    /** A sign of life. */
    public void alive() {
        send("WATCHDOG=1");
    }

    private synchronized void send(String lines) {
        if (socket == null || !socket.isOpen()) {
            return;
        }
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        try {
            int sent = socket.sendToDomainSocket(buffer, 0, bytes.length, address);
            if (sent == bytes.length) {
                return;
            }
            noteFailure("sent " + sent + " of " + bytes.length + " bytes");
        } catch (IOException e) {
            noteFailure(e.toString());
        }
    }

    private void noteFailure(String reason) {
        if (!failed) {
            failed = true;
            LOG.warn("Cannot notify systemd, not mentioned again reason=\"{}\"", reason);
        }
    }

    @Override
    public synchronized void close() {
        if (socket != null && socket.isOpen()) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing the notification socket", e);
            }
        }
    }
}
