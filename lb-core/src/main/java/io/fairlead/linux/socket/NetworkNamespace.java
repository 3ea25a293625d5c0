package io.fairlead.linux.socket;

import io.fairlead.core.kernel.ErrnoException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/** Opens sockets in another network namespace than that of this process, where they then stay. */
public final class NetworkNamespace {

    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /**
     * Runs {@code opening} inside a namespace, on a thread that is made for it and ends with it: no other ever leaves home.
     *
     * @param file such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}
     * @throws ErrnoException if the kernel refuses
     */
    public static <T> T call(Path file, Supplier<T> opening) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().name("enter " + file.getFileName()).daemon().start(() -> {
            try {
                enter(file);
                result.complete(opening.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void enter(Path file) {
        LibC libC = LibC.instance();
        int fd = libC.open(file.toString(), O_RDONLY_CLOEXEC);
        if (fd < 0) {
            throw new ErrnoException("open network namespace " + file, lastErrno(), "");
        }
        try {
            if (libC.setns(fd, CLONE_NEWNET) != 0) {
                throw new ErrnoException("enter network namespace " + file, lastErrno(), "");
            }
        } finally {
            libC.close(fd);
        }
    }

    private static int lastErrno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }
}
