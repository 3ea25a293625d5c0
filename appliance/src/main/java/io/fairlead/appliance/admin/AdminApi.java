package io.fairlead.appliance.admin;

import io.fairlead.core.net.IpAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the admin socket offers. Called on virtual threads, so an answer may take its time; a failure is thrown. {@code by}
 * says who asks, for the event log.
 */
public interface AdminApi {

    /** Tells how things stand. */
    StatusReport status();

    /** Reads the configuration file again and follows it, or refuses it whole. */
    ReloadReport reload(ReloadRequest request);

    /** Keeps what a reload was to be confirmed for. */
    ConfirmReport confirm(String by);

    /** Does what an operator wants of a real server; waits until a restart would remember it. */
    OperatorReport operate(OperatorRequest request, String by);

    /** Probes a real server at once, out of schedule, and waits for what comes back. */
    CheckReport check(CheckRequest request);

    /** Tells how the following of a cluster stands. */
    KubernetesReport kubernetes();

    /** Tells what a reload of {@code file}, or of the file in use, would do. */
    PlanReport plan(Optional<Path> file);

    /** Tells which real server a client would get now. */
    ExplainReport explain(String virtualServer, IpAddress client, OptionalInt clientPort);

    /** Returns what has happened, if need be waiting for it. */
    EventsReport events(EventQuery query);

    /** Tells how the election stands. */
    HaReport highAvailability();

    /** Does what an operator wants of the election. */
    HaReport operate(HaRequest request, String by);
}
