package io.fairlead.linux.host;

import io.fairlead.core.kernel.ModuleTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code /sys/module} and the lists below {@code /lib/modules} say of modules. We load none: the kernel does when one is
 * first used, and who has the right to may do it before ({@code /etc/modules-load.d}).
 */
public final class ModuleFiles implements ModuleTable {

    private final Path loaded;
    private final Path lists;
    /** Read once, when first needed: they are those of the running kernel. */
    private Optional<Set<String>> onDisk = Optional.empty();

    private Optional<Set<String>> builtIn = Optional.empty();

    public ModuleFiles() {
        this(Path.of("/sys/module"), Path.of("/lib/modules", release()));
    }

    ModuleFiles(Path loaded, Path lists) {
        this.loaded = loaded;
        this.lists = lists;
    }

    private static String release() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public State state(String module) {
        if (Files.exists(loaded.resolve(module))) {
            return State.LOADED;
        }
        if (builtIn.isEmpty() || onDisk.isEmpty()) {
            builtIn = Optional.of(names("modules.builtin"));
            onDisk = Optional.of(names("modules.dep"));
        }
        if (builtIn.get().contains(module)) {
            return State.LOADED;
        }
        if (onDisk.get().contains(module)) {
            return State.AVAILABLE;
        }
        return builtIn.get().isEmpty() && onDisk.get().isEmpty() ? State.UNKNOWN : State.MISSING;
    }

    /** Returns the modules of a list, whose lines begin with paths such as {@code kernel/net/netfilter/ipvs/ip_vs.ko.xz}. */
    private Set<String> names(String list) {
        Set<String> names = new HashSet<>();
        try {
            for (String line : Files.readAllLines(lists.resolve(list))) {
                int end = line.indexOf(".ko");
                if (end > 0) {
                    String name = line.substring(line.lastIndexOf('/', end) + 1, end);
                    names.add(name.replace('-', '_'));
                }
            }
        } catch (IOException e) {
            return Set.of(); // a container, or a kernel without modules
        }
        return names;
    }
}
