package io.fairlead.linux.socket;

import io.fairlead.core.kernel.Errno;
import io.fairlead.core.kernel.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jnr.ffi.LastError;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A program that we started, as the leader of a session and a process group of its own, so that what it starts can be ended
 * with it. It has {@code /dev/null} as its input, a pipe to us as its output and its errors, {@code /} as its directory, no
 * other descriptor, and every signal as a new process has it.
 *
 * <p>Not {@link Process}: that costs a thread for each, cannot begin a session, and cannot be waited for in an event loop,
 * while {@link #exitFd} can. Starting waits until the program is loaded, which may take long on a file system that hangs;
 * nothing else here blocks. One thread at a time, a platform thread.
 */
public final class ChildProcess implements AutoCloseable {

    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int SIGKILL = 9;
    private static final int WNOHANG = 1;
    private static final int P_PID = 1;
    private static final int WEXITED_NOHANG_NOWAIT = 4 | 1 | 0x01000000;
    private static final int SI_PID_OFFSET = 16; // 64-bit
    private static final int SIGINFO_BYTES = 128;
    private static final long SYS_PIDFD_OPEN = 434; // of every architecture
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80; // glibc 2.26

    /** More than any C library needs for a {@code posix_spawnattr_t} (336) or {@code posix_spawn_file_actions_t} (80). */
    private static final int OPAQUE_BYTES = 1024;

    private static final int SIGNAL_SET_BYTES = 128;

    private final LibC libC;
    private final int pid;
    private final int exitFd;
    private int outputFd;
    private boolean reaped;

    private ChildProcess(LibC libC, int pid, int exitFd, int outputFd) {
        this.libC = libC;
        this.pid = pid;
        this.exitFd = exitFd;
        this.outputFd = outputFd;
    }

    /**
     * How a program ended.
     *
     * @param code its exit code, 0..255; 0 if a signal ended it
     * @param signal the number of the signal that ended it; 0 if it ended by itself
     */
    public record Exit(int code, int signal) {}

    /**
     * Starts a program.
     *
     * @param command the path of the program and its arguments
     * @param environment the whole of it; nothing of ours is inherited
     * @throws ErrnoException if it cannot be started: no such program, not executable, no process or descriptor left
     */
    public static ChildProcess start(List<String> command, Map<String, String> environment) {
        LibC libC = LibC.instance();
        ByteBuffer pipe = direct(8);
        if (libC.pipe2(pipe, O_CLOEXEC) != 0) {
            throw new ErrnoException("open a pipe to " + command.getFirst(), lastErrno(), "");
        }
        int readEnd = pipe.getInt(0);
        int writeEnd = pipe.getInt(4);
        int pid;
        try {
            pid = spawn(libC, command, environment, writeEnd);
        } catch (ErrnoException e) {
            libC.close(readEnd);
            throw e;
        } finally {
            libC.close(writeEnd);
        }
        int exitFd = (int) libC.syscall(SYS_PIDFD_OPEN, pid, 0);
        if (exitFd < 0) {
            int errno = lastErrno();
            libC.kill(-pid, SIGKILL);
            libC.waitpid(pid, direct(4), 0);
            libC.close(readEnd);
            throw new ErrnoException("watch " + command.getFirst(), errno, "");
        }
        libC.fcntl(readEnd, F_SETFL, O_NONBLOCK); // of our end only: programs do not expect it of theirs
        return new ChildProcess(libC, pid, exitFd, readEnd);
    }

    private static int spawn(LibC libC, List<String> command, Map<String, String> environment, int output) {
        ByteBuffer attributes = direct(OPAQUE_BYTES);
        ByteBuffer actions = direct(OPAQUE_BYTES);
        check(libC.posix_spawnattr_init(attributes), "prepare a process");
        try {
            check(libC.posix_spawn_file_actions_init(actions), "prepare a process");
            try {
                int flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
                check(libC.posix_spawnattr_setflags(attributes, (short) flags), "ask for a session");
                check(libC.posix_spawnattr_setsigmask(attributes, direct(SIGNAL_SET_BYTES)), "block no signal");
                check(libC.posix_spawnattr_setsigdefault(attributes, everySignal()), "reset the signals");
                check(libC.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0), "open /dev/null");
                check(libC.posix_spawn_file_actions_adddup2(actions, output, 1), "redirect the output");
                check(libC.posix_spawn_file_actions_adddup2(actions, output, 2), "redirect the errors");
                check(libC.posix_spawn_file_actions_addclosefrom_np(actions, 3), "close the descriptors");
                check(libC.posix_spawn_file_actions_addchdir_np(actions, "/"), "change to /");
                ByteBuffer pid = direct(4);
                Pointer arguments = strings(command);
                Pointer variables = strings(environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
                String path = command.getFirst();
                check(libC.posix_spawn(pid, path, actions, attributes, arguments, variables), "start " + path);
                return pid.getInt(0);
            } finally {
                libC.posix_spawn_file_actions_destroy(actions);
            }
        } finally {
            libC.posix_spawnattr_destroy(attributes);
        }
    }

    private static void check(int errno, String operation) {
        if (errno != 0) {
            throw new ErrnoException(operation, errno, "");
        }
    }

    private static ByteBuffer everySignal() {
        ByteBuffer signals = direct(SIGNAL_SET_BYTES);
        for (int i = 0; i < SIGNAL_SET_BYTES; i++) {
            signals.put(i, (byte) 0xff);
        }
        return signals;
    }

    /** One block of memory: the pointers, a null, then what they point to. It lives as long as the pointer to it. */
    private static Pointer strings(List<String> texts) {
        List<byte[]> encoded = texts.stream()
                .map(text -> (text + "\0").getBytes(StandardCharsets.UTF_8))
                .toList();
        int pointersBytes = (texts.size() + 1) * Long.BYTES;
        int textBytes = encoded.stream().mapToInt(bytes -> bytes.length).sum();
        Pointer block = Memory.allocateDirect(Runtime.getSystemRuntime(), pointersBytes + textBytes, true);
        int at = pointersBytes;
        for (int i = 0; i < encoded.size(); i++) {
            block.putAddress((long) i * Long.BYTES, block.address() + at);
            block.put(at, encoded.get(i), 0, encoded.get(i).length);
            at += encoded.get(i).length;
        }
        return block;
    }

    /** Returns the number of the process, of its group and of its session. */
    public int pid() {
        return pid;
    }

    /** Returns the descriptor that becomes readable when the program has ended: a pidfd, Linux 5.3. */
    public int exitFd() {
        return exitFd;
    }

    /** Returns the descriptor of our end of its output. */
    public int outputFd() {
        return outputFd;
    }

    /**
     * Reads output that is there.
     *
     * @return how many bytes came; 0 when nobody can write any more, -1 when there is nothing yet
     */
    public int read(ByteBuffer into) {
        while (outputFd >= 0) {
            long count = libC.read(outputFd, into, into.remaining());
            if (count >= 0) {
                return (int) count;
            }
            int errno = lastErrno();
            if (errno == Errno.EAGAIN) {
                return -1;
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("read the output of process " + pid, errno, "");
            }
        }
        return 0;
    }

    /** Reads no more: a program that goes on writing gets a SIGPIPE. */
    public void closeOutput() {
        if (outputFd >= 0) {
            libC.close(outputFd);
            outputFd = -1;
        }
    }

    /** Kills the program and all of its process group that is still there. Does nothing once it is reaped. */
    public void kill() {
        if (!reaped) { // its number stays its own until then
            libC.kill(-pid, SIGKILL);
        }
    }

    /** Returns how it ended, and lets go of its number; empty while it runs. What is left of its group is killed before. */
    public Optional<Exit> reap() {
        if (reaped || !ended()) {
            return Optional.empty();
        }
        kill();
        ByteBuffer status = direct(4);
        if (libC.waitpid(pid, status, WNOHANG) != pid) {
            return Optional.empty();
        }
        reaped = true;
        int raw = status.getInt(0);
        return Optional.of((raw & 0x7f) == 0 ? new Exit(raw >> 8 & 0xff, 0) : new Exit(0, raw & 0x7f));
    }

    /** Looks without reaping: until it is reaped, nobody else can have the number of its group, which we are to kill. */
    private boolean ended() {
        ByteBuffer information = direct(SIGINFO_BYTES);
        return libC.waitid(P_PID, pid, information, WEXITED_NOHANG_NOWAIT) == 0
                && information.getInt(SI_PID_OFFSET) == pid;
    }

    /** Closes the descriptors. The process itself is left as it is. */
    @Override
    public void close() {
        closeOutput();
        libC.close(exitFd);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Must follow the failed call at once, on the same thread. */
    private static int lastErrno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }
}
