package io.fairlead.core.kernel;

/** The parts of the kernel that may be modules. */
public interface ModuleTable {

    /** Where a module is. */
    enum State {
        /** In the running kernel, loaded or built into it. */
        LOADED,
        /** On the disk: the kernel loads it by itself when it is first used. */
        AVAILABLE,
        /** Neither. */
        MISSING,
        /** Not loaded, and this host does not show which modules it has, as in a container. */
        UNKNOWN
    }

    /** Returns where the module is. */
    State state(String module);
}
