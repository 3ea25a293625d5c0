package io.fairlead.appliance.event;

import io.fairlead.core.policy.RealServerName;
import java.util.List;

/**
 * What an event is about.
 *
 * @param name shown to people
 * @param virtualServers those concerned; beyond {@link #VIRTUAL_SERVERS_MAX} they are left out
 */
public record EventSubject(String name, List<String> virtualServers) {

    static final int VIRTUAL_SERVERS_MAX = 32;

    public EventSubject {
        virtualServers = List.copyOf(virtualServers.subList(0, Math.min(virtualServers.size(), VIRTUAL_SERVERS_MAX)));
    }

    /** Returns something that is no matter of single virtual servers. */
    public static EventSubject of(String name) {
        return new EventSubject(name, List.of());
    }

    /** Returns a virtual server. */
    public static EventSubject virtualServer(String name) {
        return new EventSubject(name, List.of(name));
    }

    /** Returns a real server of a virtual server. */
    public static EventSubject realServer(RealServerName name) {
        return new EventSubject(name.toString(), List.of(name.virtualServer()));
    }
}
