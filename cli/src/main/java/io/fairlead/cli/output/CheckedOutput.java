package io.fairlead.cli.output;

import io.fairlead.cli.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it could not be written: a full disk, or a reader that has gone. */
public final class CheckedOutput extends OutputStream {

    private final OutputStream target;
    private final boolean isStandard;
    private @Nullable IOException failure;

    /** @param target where to write */
    public CheckedOutput(OutputStream target) {
        this(target, false);
    }

    private CheckedOutput(OutputStream target, boolean isStandard) {
        this.target = target;
        this.isStandard = isStandard;
    }

    /** Returns that of this process. */
    public static CheckedOutput standard() {
        return new CheckedOutput(new FileOutputStream(FileDescriptor.out), true);
    }

    /** Returns a writer to it, in the encoding of the terminal. */
    public PrintWriter writer() {
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"));
        return isStandard ? new StandardWriter(this, charset) : new PrintWriter(this, true, charset);
    }

    /** The writer to the standard output of this process, which may be a terminal. */
    static final class StandardWriter extends PrintWriter {

        private final Charset charset;

        private StandardWriter(OutputStream out, Charset charset) {
            super(out, true, charset);
            this.charset = charset;
        }

        boolean canEncode(String text) {
            return charset.newEncoder().canEncode(text);
        }
    }

    /** Returns why something was not written; empty if all was. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure).map(cause -> String.valueOf(cause.getMessage()));
    }

    /** Returns the exit code of a command that ended with {@code exitCode}: a failure if its output is not all there. */
    public int settle(int exitCode, PrintStream err) {
        if (failure == null) {
            return exitCode;
        }
        err.println("fairlead: output cannot be written: " + failure.getMessage());
        return ExitCode.FAILED;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }
}
