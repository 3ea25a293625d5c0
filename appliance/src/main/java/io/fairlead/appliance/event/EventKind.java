package io.fairlead.appliance.event;

import com.google.gson.annotations.SerializedName;

/** What an event is about. The names stand in the file, in JSON and in tables; they do not change. */
public enum EventKind {
    /** The appliance itself: it started, it stops. */
    @SerializedName("appliance")
    APPLIANCE("appliance"),
    /** A configuration was followed, refused, or taken back. */
    @SerializedName("configuration")
    CONFIGURATION("configuration"),
    /** What the checks say of a real server. */
    @SerializedName("health")
    HEALTH("health"),
    /** Quorums, sorry servers, drains. */
    @SerializedName("pool")
    POOL("pool"),
    /** What somebody asked for by hand. */
    @SerializedName("operator")
    OPERATOR("operator"),
    /** The kernel refused something, follows again, or was changed by somebody else. */
    @SerializedName("kernel")
    KERNEL("kernel"),
    /** A virtual address came, went, or was taken away by somebody else. */
    @SerializedName("address")
    ADDRESS("address"),
    /** A virtual router or a peer changed its role. */
    @SerializedName("role")
    ROLE("role");

    private final String configName;

    EventKind(String configName) {
        this.configName = configName;
    }

    /** Returns the name in files, JSON and tables. */
    public String configName() {
        return configName;
    }
}
