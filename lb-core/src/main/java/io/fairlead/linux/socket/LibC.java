package io.fairlead.linux.socket;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C library's calls that Fairlead makes, all of them. Call from platform threads only: jnr keeps {@code errno} by
 * carrier thread, so a virtual thread may read another's. Public because jnr generates its implementation elsewhere.
 */
public interface LibC {

    /** The library of this process; its loading takes some 100 ms, so it waits for its first use. */
    static LibC instance() {
        return Holder.INSTANCE;
    }

    @SaveError
    int socket(int domain, int type, int protocol);

    @SaveError
    int bind(int fd, ByteBuffer address, int addressLength);

    @SaveError
    int setsockopt(int fd, int level, int option, ByteBuffer value, int valueLength);

    @SaveError
    @ssize_t
    long send(int fd, ByteBuffer data, @size_t long length, int flags);

    @SaveError
    @ssize_t
    long sendto(int fd, ByteBuffer data, @size_t long length, int flags, ByteBuffer destination, int destinationLength);

    @SaveError
    @ssize_t
    long recv(int fd, ByteBuffer data, @size_t long length, int flags);

    @SaveError
    int poll(ByteBuffer descriptors, @size_t long count, int timeoutMillis);

    @SaveError
    @ssize_t
    long read(int fd, ByteBuffer data, @size_t long length);

    @SaveError
    int open(String path, int flags);

    @SaveError
    int setns(int fd, int namespaceType);

    @SaveError
    int close(int fd);

    @SaveError
    int pipe2(ByteBuffer fds, int flags);

    @SaveError
    int fcntl(int fd, int command, int argument);

    @SaveError
    int kill(int pid, int signal);

    @SaveError
    int waitpid(int pid, ByteBuffer status, int options);

    @SaveError
    int waitid(int kind, int id, ByteBuffer information, int options);

    /** For calls that the C library does not wrap. */
    @SaveError
    long syscall(long number, long first, long second);

    // These return the error instead of leaving it in errno.
    int posix_spawn(
            ByteBuffer pid,
            String path,
            ByteBuffer actions,
            ByteBuffer attributes,
            Pointer arguments,
            Pointer environment);

    int posix_spawnattr_init(ByteBuffer attributes);

    int posix_spawnattr_setflags(ByteBuffer attributes, short flags);

    int posix_spawnattr_setsigmask(ByteBuffer attributes, ByteBuffer mask);

    int posix_spawnattr_setsigdefault(ByteBuffer attributes, ByteBuffer signals);

    int posix_spawnattr_destroy(ByteBuffer attributes);

    int posix_spawn_file_actions_init(ByteBuffer actions);

    int posix_spawn_file_actions_addopen(ByteBuffer actions, int fd, String path, int flags, int mode);

    int posix_spawn_file_actions_adddup2(ByteBuffer actions, int from, int to);

    int posix_spawn_file_actions_addchdir_np(ByteBuffer actions, String path);

    int posix_spawn_file_actions_addclosefrom_np(ByteBuffer actions, int from);

    int posix_spawn_file_actions_destroy(ByteBuffer actions);

    /** Loads on first use. */
    final class Holder {
        static final LibC INSTANCE = LibraryLoader.create(LibC.class)
                .option(LibraryOption.SaveError, true)
                .failImmediately()
                .load("c");

        private Holder() {}
    }
}
