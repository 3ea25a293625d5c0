package io.fairlead.cli.command;

import io.fairlead.appliance.admin.AdminClient;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the admin socket, and the way through it. */
final class SocketOption {

    @Option(
            names = {"-s", "--socket"},
            paramLabel = "SOCKET",
            defaultValue = "${env:FAIRLEAD_SOCKET:-/run/fairlead/admin.sock}",
            description = "The appliance's admin socket (default: $FAIRLEAD_SOCKET, else /run/fairlead/admin.sock).")
    @SuppressWarnings("NullAway.Init") // has a default
    Path socket;

    /** Asks the running appliance. @throws CommandFailure if none answers */
    AdminClient.Answer send(String method, String path, String body) {
        try {
            return new AdminClient(socket).send(method, path, body);
        } catch (IOException e) {
            throw CommandFailure.notRunning(socket, e);
        }
    }
}
