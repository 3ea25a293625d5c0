package io.fairlead.system.appliance;

import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.system.topology.NetworkHost;
import io.fairlead.system.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every request of the admin socket, asked of a real appliance; with virtual servers in ApplianceLabTest. */
@Tag("namespace")
class AdminAnswersTest {

    private static final String CONFIGURATION = """
        fairlead {
          virtual-addresses.fixed { interface = eth0, addresses = ["192.0.2.11"] }
          sysctls.ip-forward = true
          high-availability {
            interface = eth0, bind-address = "192.0.2.1", peers = []
            virtual-routers.blue { id = 51, addresses = ["192.0.2.10"], track.files = [{ name = "/nonexistent", weight = -5 }] }
          }
        }
        """;

    @Test
    void areAsDocumented() throws IOException {
        Topology.unavailable().ifPresent(reason -> abort(reason));
        try (Topology topology = Topology.create()) {
            NetworkHost edge = topology.host("edge");
            topology.bridge("front").attach(edge, "192.0.2.1/24");
            try (ApplianceProcess appliance = ApplianceProcess.start(edge, CONFIGURATION)) {
                appliance.await("an answer", Duration.ofMinutes(2), _ -> true);
                new DocumentedAnswers(appliance)
                        .ask("GET /v1/status", "", 200)
                        .ask("GET /v1/events", "", 200)
                        .ask("GET /v1/events?after=0&most=3&wait=1&virtual-server=web", "", 200)
                        .ask("GET /v1/events?wait=1", "", 400)
                        .ask("GET /v1/explain?virtual-server=web&client=192.0.2.9&port=1", "", 422)
                        .ask("GET /v1/explain?virtual-server=web", "", 400)
                        .ask("GET /v1/kubernetes", "", 200)
                        .ask("GET /v1/ha", "", 200)
                        .ask("POST /v1/ha", "{\"maintenance\": true}", 200)
                        .ask("POST /v1/ha", "{\"maintenance\": false}", 200)
                        .ask("POST /v1/ha", "{\"router\": \"green\"}", 422)
                        .ask("POST /v1/real-server", "{\"virtualServer\": \"web\"}", 422)
                        .ask("POST /v1/reload?confirm-within=60", "", 200)
                        .ask("POST /v1/confirm", "", 200)
                        .ask("POST /v1/confirm", "", 422)
                        .ask("POST /v1/reload?force=perhaps", "", 400)
                        .ask("POST /v1/check", "{\"virtualServer\": \"web\", \"realServer\": \"web-1\"}", 422)
                        .ask("POST /v1/plan", "", 200)
                        .ask("POST /v1/plan", "{\"file\": \"/nonexistent\"}", 422)
                        .ask("POST /v1/plan", "nonsense", 400)
                        .areAsDocumented();
            }
        }
    }
}
