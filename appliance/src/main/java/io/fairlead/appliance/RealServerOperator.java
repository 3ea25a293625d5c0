package io.fairlead.appliance;

import io.fairlead.appliance.admin.OperatorReport;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.loop.ControlLoop;
import io.fairlead.appliance.loop.OperatorCommand;
import io.fairlead.appliance.loop.OperatorOutcome;
import io.fairlead.appliance.state.StateKeeper;
import io.fairlead.core.model.RealServer;
import io.fairlead.core.policy.RealServerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Does what operators ask of single real servers, and makes sure that it is remembered. Used by many threads. */
final class RealServerOperator {

    private static final long TIMEOUT_SECONDS_MAX = Duration.ofDays(31).toSeconds();

    private final ControlLoop loop;
    private final StateKeeper keeper;

    RealServerOperator(ControlLoop loop, StateKeeper keeper) {
        this.loop = loop;
        this.keeper = keeper;
    }

    /** @param by who asks, for the event log */
    OperatorReport operate(OperatorRequest request, String by) {
        if (request.virtualServer() == null || request.realServer() == null || request.action() == null) {
            return OperatorReport.refused("virtualServer, realServer and action are needed");
        }
        Optional<OperatorCommand> command = command(request, request.action());
        if (command.isEmpty()) {
            return OperatorReport.refused("action " + request.action() + ", weight " + request.weight()
                    + ", timeoutSeconds " + request.timeoutSeconds()
                    + " (expected: drain with timeoutSeconds 0.." + TIMEOUT_SECONDS_MAX
                    + ", disable, enable, or set-weight with weight 0.." + RealServer.WEIGHT_MAX + ")");
        }
        RealServerName name = new RealServerName(request.virtualServer(), request.realServer());
        return switch (ConfigurationReloader.await(loop.operate(name, command.get(), by))) {
            case OperatorOutcome.NotFound(var what) -> OperatorReport.refused("no such " + what);
            case OperatorOutcome.Refused(var reason) -> OperatorReport.refused(reason);
            case OperatorOutcome.Followed(var operations, var failures) -> {
                List<String> problems = new ArrayList<>(failures);
                keeper.flush()
                        .handle((_, failure) -> Optional.ofNullable(failure))
                        .join()
                        .ifPresent(failure -> problems.add("a restart would not remember it: " + failure.getMessage()));
                yield new OperatorReport(true, problems, operations);
            }
        };
    }

    private static Optional<OperatorCommand> command(OperatorRequest request, String action) {
        Optional<Integer> weight = Optional.ofNullable(request.weight());
        Optional<Long> timeout = Optional.ofNullable(request.timeoutSeconds());
        boolean plain = weight.isEmpty() && timeout.isEmpty();
        OperatorCommand command = switch (action) {
            case "drain" ->
                weight.isEmpty()
                                && timeout.filter(seconds -> seconds < 0 || seconds > TIMEOUT_SECONDS_MAX)
                                        .isEmpty()
                        ? new OperatorCommand.Drain(timeout.map(Duration::ofSeconds))
                        : null;
            case "disable" -> plain ? new OperatorCommand.Disable() : null;
            case "enable" -> plain ? new OperatorCommand.Enable() : null;
            case "set-weight" ->
                timeout.isEmpty()
                                && weight.filter(number -> number < 0 || number > RealServer.WEIGHT_MAX)
                                        .isEmpty()
                        ? new OperatorCommand.SetWeight(weight)
                        : null;
            default -> null;
        };
        return Optional.ofNullable(command);
    }
}
