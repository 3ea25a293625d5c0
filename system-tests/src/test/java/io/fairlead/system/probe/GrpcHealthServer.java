package io.fairlead.system.probe;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.File;
import java.io.IOException;

/** Serves grpc.health.v1 in the clear on one port and over TLS on the next: the services {@code up} and {@code down}. */
final class GrpcHealthServer {

    private GrpcHealthServer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("up", ServingStatus.SERVING);
        health.setStatus("down", ServingStatus.NOT_SERVING);
        Server clear = serve(port, InsecureServerCredentials.create(), health);
        Server secure =
                serve(port + 1, TlsServerCredentials.create(new File(arguments[1]), new File(arguments[2])), health);
        System.out.println("ready");
        clear.awaitTermination();
        secure.awaitTermination();
    }

    private static Server serve(int port, ServerCredentials credentials, HealthStatusManager health)
            throws IOException {
        return OkHttpServerBuilder.forPort(port, credentials)
                .addService(health.getHealthService())
                .build()
                .start();
    }
}
