package io.fairlead.core.model;

/** What a connection sync daemon of the kernel does. A network namespace can have one of each, both at once. */
public enum SyncRole {
    /** Tells others of our connections. */
    MASTER,
    /** Learns of the connections of others. */
    BACKUP
}
