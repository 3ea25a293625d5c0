package io.fairlead.core.kernel.testing;

import io.fairlead.core.kernel.SysctlTable;
import io.fairlead.core.kernel.UnsupportedKernelException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Settings without a kernel: it has those that it was given, and refuses to write where it is told to. */
public final class FakeSysctlTable implements SysctlTable {

    private final Map<String, String> values = new TreeMap<>();
    private final Set<String> readOnly = new HashSet<>();

    /** Somebody sets it, or loads what has it. */
    public FakeSysctlTable with(String name, String value) {
        values.put(name, value);
        return this;
    }

    /** From now on this one cannot be written. */
    public void refuse(String name) {
        readOnly.add(name);
    }

    @Override
    public Optional<String> read(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public void write(String name, String value) {
        if (!values.containsKey(name) || readOnly.contains(name)) {
            throw new UnsupportedKernelException("set sysctl " + name + " to " + value + ": refused");
        }
        values.put(name, value);
    }
}
