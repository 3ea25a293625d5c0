package io.fairlead.appliance.host;

import io.fairlead.core.execute.SysctlFollower.Original;
import java.util.Map;

/** Where it is noted what settings of the kernel were before us, so that a later process can put them back. Never blocks. */
@FunctionalInterface
public interface SysctlMemory {

    /** Notes all of them, by name. */
    void noteSysctls(Map<String, Original> originals);
}
