package io.fairlead.appliance.admin;

import java.nio.file.Path;
import java.util.Optional;

/** What the admin socket offers. Called on virtual threads, so an answer may take its time; a failure is thrown. */
public interface AdminApi {

    /** Tells how things stand. */
    StatusReport status();

    /** Reads the configuration file again and follows it, or refuses it whole. */
    ReloadReport reload(boolean force);

    /** Does what an operator wants of a real server; waits until a restart would remember it. */
    OperatorReport operate(OperatorRequest request);

    /** Tells what a reload of {@code file}, or of the file in use, would do. */
    PlanReport plan(Optional<Path> file);
}
