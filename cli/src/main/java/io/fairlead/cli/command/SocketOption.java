package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminClient;
import io.fairlead.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the admin socket, and the way through it. */
final class SocketOption {

    private static final String VARIABLE = "FAIRLEAD_SOCKET";
    private static final String DEFAULT = "/run/fairlead/admin.sock";
    private static final int DONE = 200;
    private static final int FORBIDDEN = 403;
    private static final int REFUSED = 422;

    @Option(
            names = {"-s", "--socket"},
            paramLabel = "SOCKET",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:" + VARIABLE + ":-" + DEFAULT + "}",
            description = "The appliance's admin socket (default: $FAIRLEAD_SOCKET, else /run/fairlead/admin.sock).")
    @SuppressWarnings("NullAway.Init") // has a default
    Path socket;

    /** For picocli, which sets the field. */
    @SuppressWarnings("NullAway.Init")
    SocketOption() {}

    SocketOption(Path socket) {
        this.socket = socket;
    }

    /** Returns the socket where none is named. */
    static Path usual() {
        return Path.of(Optional.ofNullable(System.getenv(VARIABLE)).orElse(DEFAULT));
    }

    /**
     * Asks the running appliance and returns its report, also one that refuses what was asked.
     *
     * @param body JSON, or empty for none
     * @throws CommandFailure if no appliance answers, or it has no report to give
     */
    String ask(String method, String path, String body) {
        AdminClient.Answer answer = send(method, path, body);
        if (answer.status() == FORBIDDEN) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    List.of(answer.error(), "hint: --socket names the other one: fairlead.admin.socket of its file"));
        }
        if (answer.status() != DONE && answer.status() != REFUSED) {
            throw new CommandFailure(ExitCode.FAILED, List.of(answer.error()));
        }
        return answer.body();
    }

    private AdminClient.Answer send(String method, String path, String body) {
        try {
            return new AdminClient(socket).send(method, path, body);
        } catch (IOException e) {
            throw CommandFailure.notRunning(socket, e);
        }
    }
}
