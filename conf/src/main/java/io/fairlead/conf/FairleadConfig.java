package io.fairlead.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A whole configuration, complete and valid.
 *
 * @param nodeName how this appliance is named to people
 * @param virtualServers ordered by name; no two with the same name or key
 * @param resyncInterval how often the kernel's whole table is read again to find drift
 * @param adminSocket where the CLI reaches the running appliance
 */
public record FairleadConfig(
        String nodeName, List<ConfiguredVirtualServer> virtualServers, Duration resyncInterval, Path adminSocket) {

    public FairleadConfig {
        virtualServers = List.copyOf(virtualServers);
    }
}
