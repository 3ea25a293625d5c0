package io.fairlead.core.kernel;

import java.util.Optional;

/** The kernel's settings, as this process's network namespace has them. */
public interface SysctlTable {

    /**
     * Returns the value of a setting; empty if this kernel has no such setting, or not before a module is loaded.
     *
     * @throws UnsupportedKernelException if it cannot be read
     */
    Optional<String> read(String name);

    /** Sets it. @throws UnsupportedKernelException if there is none of that name, or the kernel refuses */
    void write(String name, String value);
}
