package io.fairlead.kube.mapping;

/** What the real servers are. */
public enum TargetKind {
    /** The nodes, by node port: works with any cluster network. */
    NODES("nodes"),
    /** The pods themselves: their network must be routed to us. */
    PODS("pods");

    private final String configName;

    TargetKind(String configName) {
        this.configName = configName;
    }

    /** Returns the name in configuration and status. */
    public String configName() {
        return configName;
    }
}
