package io.fairlead.kube.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesApiTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"3, 3", "' 3 ', 3", "0, 0", "-5, 0", "86400, 3600"})
    void waitsAsLongAsTheHeaderSaysButNoMoreThanAnHour(String header, int seconds) {
        assertThat(KubernetesApi.retryAfter(header)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void passesOverADateAndAHeaderThatIsNotThere() {
        assertThat(KubernetesApi.retryAfter("Wed, 21 Oct 2026 07:28:00 GMT")).isEqualTo(Optional.empty());
        assertThat(KubernetesApi.retryAfter(null)).isEmpty();
    }

    @Test
    void saysWhichFileIsNoKubeconfig() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken"), "a: [");
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> KubernetesApi.open(broken)).hasMessageStartingWith("kubeconfig " + broken + ": ");
        assertThatThrownBy(() -> KubernetesApi.open(missing)).hasMessage("kubeconfig " + missing + " cannot be read");
    }

    /** As the commands in docs/operating/kubernetes.md make it. */
    @Test
    void readsTheKubeconfigThatKubectlMakes() throws IOException {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
            apiVersion: v1
            clusters:
            - cluster:
                server: https://192.0.2.1:6443/
              name: cluster
            contexts:
            - context:
                cluster: cluster
                user: fairlead
              name: fairlead
            current-context: fairlead
            kind: Config
            preferences: {}
            users:
            - name: fairlead
              user:
                token: secret
            """);

        try (KubernetesApi api = KubernetesApi.open(kubeconfig)) {
            assertThat(api.server()).isEqualTo("https://192.0.2.1:6443");
        }
    }
}
