package io.fairlead.linux.host;

import io.fairlead.core.kernel.SysctlTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The settings below {@code /proc/sys}. A dot in a name is a step of the path, so interface names with dots have none here. */
public final class ProcSysctlTable implements SysctlTable {

    private static final int VALUE_BYTES_MAX = 4096;

    private final Path root;

    public ProcSysctlTable() {
        this(Path.of("/proc/sys"));
    }

    ProcSysctlTable(Path root) {
        this.root = root;
    }

    private Path file(String name) {
        return root.resolve(name.replace('.', '/'));
    }

    @Override
    public Optional<String> read(String name) {
        // At once: the kernel gives many settings to the first read alone, however short, and Files.readString begins
        // with one.
        byte[] value = new byte[VALUE_BYTES_MAX];
        try (InputStream in = Files.newInputStream(file(name))) {
            int length = Math.max(0, in.read(value));
            String text = new String(value, 0, length, StandardCharsets.US_ASCII);
            return Optional.of(text.strip().replace('\t', ' ')); // between several numbers
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UnsupportedKernelException("read sysctl " + name + ": " + e);
        }
    }

    @Override
    public void write(String name, String value) {
        try {
            Files.writeString(file(name), value, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw new UnsupportedKernelException("set sysctl " + name + " to " + value
                    + ": not permitted (expected: the right to write it, or sysctl -w " + name + "=" + value
                    + " by an administrator)");
        } catch (NoSuchFileException e) {
            throw new UnsupportedKernelException("set sysctl " + name + " to " + value + ": this kernel has none");
        } catch (IOException e) {
            throw new UnsupportedKernelException("set sysctl " + name + " to " + value + ": " + e.getMessage());
        }
    }
}
