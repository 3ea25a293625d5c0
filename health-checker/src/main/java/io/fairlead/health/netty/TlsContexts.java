package io.fairlead.health.netty;

import io.fairlead.core.time.MonotonicInstant;
import io.fairlead.core.time.Ticker;
import io.fairlead.health.check.TlsSpec;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contexts of TLS, one for all probes with equal settings, kept as long as one of them is. Their files are read, looked at
 * again while they are in use, and the arithmetic of handshakes is done by a few threads of its own: the loop never waits for
 * a disk or a signature. Confined to the loop, except where it says otherwise.
 */
final class TlsContexts implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TlsContexts.class);

    private static final int THREADS = 2;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final long FILE_BYTES_MAX = 4 << 20;

    /** Where Debian, and where Red Hat keep what the system trusts; the JDK's own list if neither is there. */
    private static final List<Path> SYSTEM_AUTHORITIES =
            List.of(Path.of("/etc/ssl/certs/ca-certificates.crt"), Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

    private final ThreadPoolExecutor executor;
    private final Map<Settings, WeakReference<Shared>> contexts = new HashMap<>();

    TlsContexts() {
        AtomicInteger number = new AtomicInteger();
        // The queue holds at most a task for each open probe and each context.
        executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "fairlead-tls-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    private record Settings(TlsSpec spec, boolean http2) {}

    /** What came of reading the files. */
    sealed interface Loaded {
        record Ready(SslContext context) implements Loaded {}

        record Unusable(String why) implements Loaded {}
    }

    /** A file as it was when it was read; both empty if it was not there. */
    private record Stamp(Path file, Optional<Object> key, long modifiedMillis, long sizeBytes) {}

    private record Load(Loaded loaded, List<Stamp> stamps) {}

    /** Returns the one context for these settings. */
    Shared of(TlsSpec spec, boolean http2) {
        contexts.values().removeIf(reference -> reference.refersTo(null));
        Settings settings = new Settings(spec, http2);
        WeakReference<Shared> reference = contexts.get(settings);
        Shared shared = reference == null ? null : reference.get();
        if (shared == null) {
            shared = new Shared(settings);
            contexts.put(settings, new WeakReference<>(shared));
        }
        return shared;
    }

    /** Any thread. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** One context and those who wait for it. */
    final class Shared {

        private final Settings settings;
        private final List<Consumer<Loaded>> waiting = new ArrayList<>();
        private @Nullable Load load;
        private boolean busy;
        private MonotonicInstant lookedAt = Ticker.system().now();

        private Shared(Settings settings) {
            this.settings = settings;
        }

        /** Who does the arithmetic of the handshakes. */
        Executor executor() {
            return executor;
        }

        /** Calls {@code user} on the loop: now, or once the files have been read. */
        void use(EventLoop loop, Consumer<Loaded> user) {
            Load known = load;
            if (known == null) {
                waiting.add(user);
            } else {
                user.accept(known.loaded());
            }
            MonotonicInstant now = Ticker.system().now();
            boolean due = known == null || now.since(lookedAt).compareTo(LOOK_EVERY) >= 0;
            if (!busy && due) {
                busy = true;
                lookedAt = now;
                try {
                    executor.execute(() -> {
                        Load next = lookAgain(settings, known);
                        loop.execute(() -> loaded(next));
                    });
                } catch (RejectedExecutionException e) {
                    log.debug("TLS files not read after close", e);
                }
            }
        }

        private void loaded(Load next) {
            busy = false;
            Load previous = load;
            if (previous != null
                    && next.loaded() instanceof Loaded.Unusable(String why)
                    && previous.loaded() instanceof Loaded.Ready) {
                if (!next.stamps().equals(previous.stamps())) {
                    log.warn(
                            "TLS files of health checks have changed and are not usable, going on with the old ones:"
                                    + " {}",
                            why);
                }
                load = new Load(previous.loaded(), next.stamps());
            } else {
                load = next;
            }
            List<Consumer<Loaded>> users = List.copyOf(waiting);
            waiting.clear();
            users.forEach(user -> user.accept(next.loaded()));
        }
    }

    /** Any thread. */
    private static Load lookAgain(Settings settings, @Nullable Load known) {
        List<Path> files = files(settings.spec());
        List<Stamp> stamps = files.stream().map(TlsContexts::stamp).toList();
        if (known != null
                && known.loaded() instanceof Loaded.Ready
                && known.stamps().equals(stamps)) {
            return known;
        }
        try {
            return new Load(new Loaded.Ready(build(settings)), stamps);
        } catch (UnusableFileException e) {
            return new Load(new Loaded.Unusable(e.why()), stamps);
        } catch (Exception | LinkageError e) {
            return new Load(new Loaded.Unusable("no TLS: " + e), stamps);
        }
    }

    private static List<Path> files(TlsSpec spec) {
        Stream<Path> authorities = spec.caFile().isPresent()
                ? spec.caFile().stream().map(Path::of)
                : spec.verify() ? SYSTEM_AUTHORITIES.stream() : Stream.empty();
        return Stream.concat(
                        authorities,
                        Stream.concat(spec.certificateFile().stream(), spec.keyFile().stream())
                                .map(Path::of))
                .toList();
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    file,
                    Optional.ofNullable(attributes.fileKey()),
                    attributes.lastModifiedTime().toMillis(),
                    attributes.size());
        } catch (IOException _) {
            return new Stamp(file, Optional.empty(), 0, -1);
        }
    }

    private static SslContext build(Settings settings) throws Exception {
        TlsSpec spec = settings.spec();
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).sessionCacheSize(1);
        if (spec.verify()) {
            builder.trustManager(trust(spec)).endpointIdentificationAlgorithm("HTTPS");
        } else {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        if (spec.certificateFile().isPresent() && spec.keyFile().isPresent()) {
            File certificates =
                    readable("certificate-file", spec.certificateFile().get());
            File key = readable("key-file", spec.keyFile().get());
            try {
                builder.keyManager(certificates, key);
            } catch (IllegalArgumentException e) {
                throw new UnusableFileException(
                        "certificate-file " + certificates + " and key-file " + key
                                + " are not a chain and its key in PEM, PKCS #8 without a password",
                        e);
            }
        }
        if (settings.http2()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2));
        }
        return builder.build();
    }

    private static TrustManager trust(TlsSpec spec) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        Optional<Path> file = spec.caFile()
                .map(Path::of)
                .or(() -> SYSTEM_AUTHORITIES.stream().filter(Files::isReadable).findFirst());
        if (file.isPresent()) {
            factory.init(authorities(file.get()));
        } else {
            factory.init((KeyStore) null);
        }
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return new ExplainingTrust(extended);
            }
        }
        throw new IllegalStateException("the JDK has no trust manager for X.509");
    }

    private static KeyStore authorities(Path path) throws Exception {
        File file = readable("ca-file", path.toString());
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try {
            int count = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file.toPath())))) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
            if (count == 0) {
                throw new UnusableFileException("ca-file " + file + " has no certificate", null);
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException("ca-file " + file + " has no certificates in PEM", e);
        }
        return store;
    }

    private static File readable(String key, String name) throws UnusableFileException {
        Path file = Path.of(name);
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new UnusableFileException(
                        key + " " + name + " is larger than " + FILE_BYTES_MAX + " bytes", null);
            }
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(key + " " + name + " does not exist", e);
        } catch (IOException e) {
            throw new UnusableFileException(key + " " + name + " cannot be read: " + e.getMessage(), e);
        }
        if (!Files.isReadable(file)) {
            throw new UnusableFileException(key + " " + name + " cannot be read: permission denied", null);
        }
        return file.toFile();
    }

    private static final class UnusableFileException extends Exception {
        private static final long serialVersionUID = 1;

        private final String why;

        UnusableFileException(String message, @Nullable Throwable cause) {
            super(message, cause);
            this.why = message;
        }

        String why() {
            return why;
        }
    }
}
