package io.fairlead.kube.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ArrivingBodyTest {

    /** Counts how often it is asked for more. */
    private static final class Source implements AsyncBody {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        int asked;
        boolean cancelled;

        @Override
        public void consume() {
            asked++;
        }

        @Override
        public CompletableFuture<Void> done() {
            return done;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final Source source = new Source();

    private static List<ByteBuffer> bytes(String text) {
        return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void readsWhatArrivesAndEndsWhenItIsDone() throws IOException {
        ArrivingBody body = new ArrivingBody(Duration.ofSeconds(30));
        body.follow(source);
        body.arrived(bytes("one "));
        body.arrived(bytes("two"));
        source.done.complete(null);

        assertThat(body.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("one two");
        assertThat(body.read()).as("and stays at its end").isEqualTo(-1);
    }

    @Test
    void failsWhenNothingHasComeForTooLong() throws IOException {
        ArrivingBody body = new ArrivingBody(Duration.ofMillis(20));
        body.follow(source);
        body.arrived(bytes("x"));

        assertThat(body.read()).isEqualTo('x');
        assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessage("nothing came for PT0.02S");
    }

    @Test
    void failsWhereTheAnswerBreaksOff() throws IOException {
        ArrivingBody body = new ArrivingBody(Duration.ofSeconds(30));
        body.follow(source);
        body.arrived(bytes("x"));
        source.done.completeExceptionally(new IOException("reset"));

        assertThat(body.read()).as("what came before counts").isEqualTo('x');
        assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessageContaining("reset");
    }

    @Test
    void asksForMoreWhenAllWasReadAndNoSooner() throws IOException {
        ArrivingBody body = new ArrivingBody(Duration.ofMillis(20));
        body.follow(source);
        body.arrived(bytes("xy"));

        body.read();
        body.read();
        assertThat(source.asked).isEqualTo(1);
        assertThatThrownBy(body::read).isInstanceOf(IOException.class);
        assertThat(source.asked).isEqualTo(2);
        body.close();
        assertThat(source.cancelled).isTrue();
    }
}
