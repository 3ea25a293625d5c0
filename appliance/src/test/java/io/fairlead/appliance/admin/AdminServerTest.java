package io.fairlead.appliance.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {

    @TempDir
    Path directory;

    private Path socket = Path.of("/");

    @BeforeEach
    void name() {
        socket = directory.resolve("admin.sock");
    }

    /** Answers as it is told. */
    private static class Api implements AdminApi {
        @Override
        public HaReport highAvailability() {
            return HaReport.none();
        }

        @Override
        public HaReport operate(HaRequest request, String by) {
            return HaReport.refused("none configured");
        }

        @Override
        public StatusReport status() {
            return Reports.status("edge ä");
        }

        @Override
        public OperatorReport operate(OperatorRequest request, String by) {
            return new OperatorReport(true, List.of(request.toString()), 1);
        }

        @Override
        public ReloadReport reload(ReloadRequest request) {
            return new ReloadReport(true, request.force(), List.of(), 7, List.of(), null);
        }

        @Override
        public KubernetesReport kubernetes() {
            return Reports.KUBERNETES;
        }

        @Override
        public PlanReport plan(Optional<Path> file) {
            return new PlanReport(true, List.of(), List.of("for " + file));
        }

        @Override
        public ConfirmReport confirm(String by) {
            return new ConfirmReport(true, List.of());
        }

        @Override
        public ExplainReport explain(String virtualServer, IpAddress client, OptionalInt clientPort) {
            return ExplainReport.unanswered(virtualServer, client.toString(), "port " + clientPort);
        }

        @Override
        public CheckReport check(CheckRequest request) {
            return CheckReport.refused(request.toString());
        }

        @Override
        public EventsReport events(EventQuery query) {
            return new EventsReport(1, List.of(), query.after().orElse(-1), query.most());
        }
    }

    private AdminClient.Answer send(String method, String path, String body) throws IOException {
        return new AdminClient(socket).send(method, path, body);
    }

    @Test
    void answersEveryRequestOfTheApi() throws IOException {
        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            AdminClient.Answer status = send("GET", "/v1/status", "");
            AdminClient.Answer kubernetes = send("GET", "/v1/kubernetes", "");
            AdminClient.Answer reload = send("POST", "/v1/reload", "");
            AdminClient.Answer plan = send("POST", "/v1/plan", "");
            AdminClient.Answer planOfOther = send("POST", "/v1/plan", AdminJson.write(new PlanRequest("/etc/ä.conf")));

            assertThat(status.status()).isEqualTo(200);
            assertThat(AdminJson.read(StatusReport.class, status.body())).isEqualTo(Reports.status("edge ä"));
            assertThat(kubernetes.status()).isEqualTo(200);
            assertThat(AdminJson.read(KubernetesReport.class, kubernetes.body()))
                    .isEqualTo(Reports.KUBERNETES);
            assertThat(reload.status()).isEqualTo(200);
            assertThat(AdminJson.read(ReloadReport.class, reload.body()).operations())
                    .isEqualTo(7);
            assertThat(AdminJson.read(PlanReport.class, plan.body()).commands()).containsExactly("for Optional.empty");
            assertThat(AdminJson.read(PlanReport.class, planOfOther.body()).commands())
                    .containsExactly("for Optional[/etc/ä.conf]");
        }
    }

    @Test
    void whatIsRefusedIsUnprocessable() throws IOException {
        AdminApi refusing = new Api() {
            @Override
            public ReloadReport reload(ReloadRequest request) {
                return ReloadReport.refused(List.of("bad"));
            }

            @Override
            public PlanReport plan(Optional<Path> file) {
                return new PlanReport(false, List.of("bad"), List.of());
            }
        };
        try (AdminServer _ = AdminServer.start(refusing, socket)) {
            assertThat(send("POST", "/v1/reload", "").status()).isEqualTo(422);
            assertThat(send("POST", "/v1/plan", "{}").status()).isEqualTo(422);
            assertThat(send("POST", "/v1/check", "{}").status()).isEqualTo(422);
            assertThat(AdminJson.read(
                                    ReloadReport.class,
                                    send("POST", "/v1/reload", "").body())
                            .problems())
                    .containsExactly("bad");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,/", "GET,/v1/reload", "POST,/v1/status", "DELETE,/v1/status", "GET,/v1/status/", "GET,/v2/status"})
    void whatThereIsNotIsNotFound(String method, String path) throws IOException {
        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            AdminClient.Answer answer = send(method, path, "");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(AdminJson.read(ErrorReport.class, answer.body()).error())
                    .isEqualTo("no such request: " + method + " " + path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "null", "file", "{\"file\": {}}", "{\"file\": \"a\\u0000b\"}"})
    void aBodyThatIsNoRequestIsABadRequest(String body) throws IOException {
        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            AdminClient.Answer answer = send("POST", "/v1/plan", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(AdminJson.read(ErrorReport.class, answer.body()).error()).isNotBlank();
        }
    }

    @Test
    void aFailureIsAnsweredAndTheNextRequestToo() throws IOException {
        AdminApi failing = new Api() {
            @Override
            public ReloadReport reload(ReloadRequest request) {
                throw new IllegalStateException("the appliance is stopping");
            }
        };
        try (AdminServer _ = AdminServer.start(failing, socket)) {
            AdminClient.Answer answer = send("POST", "/v1/reload", "");

            assertThat(answer.status()).isEqualTo(500);
            assertThat(AdminJson.read(ErrorReport.class, answer.body()).error()).isEqualTo("the appliance is stopping");
            assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
        }
    }

    @Test
    void aSlowRequestKeepsNobodyWaiting() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AdminApi slow = new Api() {
            @Override
            public ReloadReport reload(ReloadRequest request) {
                asked.countDown();
                try {
                    assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.reload(request);
            }
        };
        try (AdminServer _ = AdminServer.start(slow, socket)) {
            Thread reloading = Thread.ofVirtual().start(() -> {
                try {
                    send("POST", "/v1/reload", "");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
            released.countDown();
            reloading.join();
        }
    }

    @Test
    void onlyOwnerAndGroupMayUseTheSocket() throws IOException {
        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketForLookingAnswersWhatOnlyLooksAndForbidsTheRest() throws IOException {
        try (AdminServer _ = AdminServer.startReadOnly(new Api(), socket, Optional.empty())) {
            for (AdminRoute route : AdminRoute.values()) {
                String[] words = route.methodAndPath().split(" ", -1);
                AdminClient.Answer answer = send(words[0], words[1], "");

                if (words[0].equals("GET")) {
                    assertThat(answer.status()).as(route.methodAndPath()).isNotEqualTo(403);
                } else {
                    assertThat(answer.status()).as(route.methodAndPath()).isEqualTo(403);
                    assertThat(AdminJson.read(ErrorReport.class, answer.body()).error())
                            .isEqualTo(route.methodAndPath() + ": this socket is only for looking");
                }
            }
        }
    }

    @Test
    void aSocketForLookingIsForWhoeverReachesItOrForOneGroup() throws IOException {
        GroupPrincipal own =
                Files.readAttributes(directory, PosixFileAttributes.class).group();
        try (AdminServer _ = AdminServer.startReadOnly(new Api(), socket, Optional.empty())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw-rw-");
        }
        try (AdminServer _ = AdminServer.startReadOnly(new Api(), socket, Optional.of(own.getName()))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");
            assertThat(Files.readAttributes(socket, PosixFileAttributes.class).group())
                    .isEqualTo(own);
        }
        assertThatThrownBy(() -> AdminServer.startReadOnly(new Api(), socket, Optional.of("no-such-group")))
                .isInstanceOf(IOException.class)
                .hasMessage("group no-such-group: not on this host");
        assertThat(socket).doesNotExist();
    }

    @Test
    void makesTheFolderOfTheSocketForOwnerAndGroup() throws IOException {
        socket = directory.resolve("fairlead/admin.sock");
        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("fairlead"))))
                    .isEqualTo("rwxr-x---");
        }
    }

    @Test
    void replacesASocketThatADeadApplianceLeftBehind() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
        }
    }

    @Test
    void refusesASocketOnWhichAnotherApplianceAnswers() throws IOException {
        try (AdminServer _ = AdminServer.start(new Api(), socket)) {
            assertThatThrownBy(() -> AdminServer.start(new Api(), socket))
                    .isInstanceOf(IOException.class)
                    .hasMessage(socket + ": another appliance answers on this socket");
            assertThat(send("GET", "/v1/status", "").status()).isEqualTo(200);
        }
    }

    @Test
    void refusesAPathThatCannotBeASocket() throws IOException {
        socket = directory.resolve("taken");
        Files.createDirectories(socket.resolve("inside"));

        assertThatThrownBy(() -> AdminServer.start(new Api(), socket)).isInstanceOf(IOException.class);
    }

    @Test
    void aClientFailsWhereNobodyAnswers() {
        assertThatThrownBy(() -> send("GET", "/v1/status", "")).isInstanceOf(IOException.class);
    }
}
