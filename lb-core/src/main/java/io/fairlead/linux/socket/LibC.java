package io.fairlead.linux.socket;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
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
    long recv(int fd, ByteBuffer data, @size_t long length, int flags);

    @SaveError
    int close(int fd);

    /** Loads on first use. */
    final class Holder {
        static final LibC INSTANCE = LibraryLoader.create(LibC.class)
                .option(LibraryOption.SaveError, true)
                .failImmediately()
                .load("c");

        private Holder() {}
    }
}
