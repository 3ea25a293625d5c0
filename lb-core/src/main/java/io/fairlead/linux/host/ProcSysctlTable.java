package io.fairlead.linux.host;

import io.fairlead.core.kernel.SysctlTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The settings below {@code /proc/sys}. A dot in a name is a step of the path, so interface names with dots have none here. */
public final class ProcSysctlTable implements SysctlTable {

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
        try {
            return Optional.of(Files.readString(file(name)).strip().replace('\t', ' ')); // between several numbers
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
