package io.fairlead.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the running appliance is reached on its own host.
 *
 * @param socket of those who may do everything
 * @param readOnlySocket of those who may only look; empty for none
 * @param readOnlyGroup the group that may use that; empty for whoever reaches its folder
 */
public record AdminConfig(Path socket, Optional<Path> readOnlySocket, Optional<String> readOnlyGroup) {

    /** Returns a configuration with that socket alone. */
    public static AdminConfig of(Path socket) {
        return new AdminConfig(socket, Optional.empty(), Optional.empty());
    }
}
