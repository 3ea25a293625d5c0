package io.fairlead.system.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.AdminClient;
import io.fairlead.system.house.OpenApiDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks a running appliance, and holds each answer to docs/reference/admin-api.yaml. */
final class DocumentedAnswers {

    private final OpenApiDocument document = OpenApiDocument.read();
    private final ApplianceProcess appliance;
    private final List<String> mistakes = new ArrayList<>();

    DocumentedAnswers(ApplianceProcess appliance) {
        this.appliance = appliance;
    }

    /** @param request method, path and query: {@code GET /v1/events?most=5} */
    DocumentedAnswers ask(String request, String body, int status) throws IOException {
        String[] methodAndUri = request.split(" ", 2);
        AdminClient.Answer answer = new AdminClient(appliance.socket()).send(methodAndUri[0], methodAndUri[1], body);
        assertThat(answer.status()).as(request + "\n" + answer.body()).isEqualTo(status);
        document.mistakes(request.replaceFirst("\\?.*", ""), status, answer.body())
                .forEach(mistake -> mistakes.add(request + ": " + mistake));
        return this;
    }

    void areAsDocumented() {
        assertThat(mistakes).isEmpty();
    }
}
