package io.fairlead.kube.json;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static io.fairlead.kube.fixture.SliceBuilder.aSlice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.IpFamily;
import io.fairlead.kube.json.ObjectReader.Kind;
import io.fairlead.kube.json.WatchEvent.ApiStatus;
import io.fairlead.kube.json.WatchEvent.BookmarkEvent;
import io.fairlead.kube.json.WatchEvent.ErrorEvent;
import io.fairlead.kube.json.WatchEvent.ObjectEvent;
import io.fairlead.kube.json.WatchEvent.UnknownEvent;
import io.fairlead.kube.model.ClusterObject;
import io.fairlead.kube.model.Node;
import io.fairlead.kube.model.ObjectName;
import io.fairlead.kube.model.Service;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchEventReaderTest {

    private final WatchEventReader nodes = new WatchEventReader(Kind.NODE);

    private static final String NODE = "{\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"7\",\"new\":[1,{}]}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"ADDED\",\"object\":" + NODE + "}",
                "{\"object\":" + NODE + ",\"type\":\"MODIFIED\",\"future\":{}}",
            })
    void case128ReadsAnObjectInAnyOrderOfFieldsAndWithUnknownOnes(String line) {
        assertThat(nodes.readEvent(line)).isInstanceOfSatisfying(ObjectEvent.class, event -> {
            assertThat(event.isDeleted()).isFalse();
            assertThat(event.object().name()).isEqualTo(new ObjectName("", "n1"));
            assertThat(event.object().resourceVersion()).isEqualTo("7");
        });
    }

    @Test
    void readsTheMarkAtTheEndOfAStreamedList() {
        assertThat(nodes.readEvent("""
            {"type":"BOOKMARK","object":{"kind":"Node","metadata":{"resourceVersion":"42",
            "annotations":{"k8s.io/initial-events-end":"true"}}}}
            """)).isEqualTo(new BookmarkEvent("42", true));
        assertThat(nodes.readEvent("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"43\"}}}"))
                .isEqualTo(new BookmarkEvent("43", false));
    }

    @Test
    void readsAnErrorOfTheApi() {
        assertThat(nodes.readEvent("""
            {"type":"ERROR","object":{"kind":"Status","code":504,"reason":"Timeout","message":"Too large",
            "details":{"causes":[{"reason":"ResourceVersionTooLarge"}],"retryAfterSeconds":1}}}
            """))
                .isEqualTo(new ErrorEvent(new ApiStatus(
                        504, "Timeout ResourceVersionTooLarge", "Too large", Optional.of(Duration.ofSeconds(1)))));
    }

    @Test
    void case128PassesOverATypeThatItDoesNotKnow() {
        assertThat(nodes.readEvent("{\"type\":\"FUTURE\",\"object\":{}}")).isEqualTo(new UnknownEvent("FUTURE"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "nonsense",
                "[1]",
                "{\"type\":\"ADDED\"}",
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":7}}",
                "{\"type\":\"MODI",
                "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Status\"}}",
            })
    void refusesWhatIsNoEvent(String line) {
        assertThatThrownBy(() -> nodes.readEvent(line)).isInstanceOf(MalformedObjectException.class);
    }

    @Test
    void readsAPage() throws IOException {
        List<ClusterObject> found = new ArrayList<>();

        WatchEventReader.PageEnd end = nodes.readPage(
                new StringReader("{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\"c\","
                        + "\"remainingItemCount\":3},\"items\":[" + NODE + "]}"),
                found::add);

        assertThat(end).isEqualTo(new WatchEventReader.PageEnd("9", "c"));
        assertThat(found).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kind\":\"NodeList\",\"items\":[]}",
                "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[]}",
                "{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"9\"}}",
                "<html>",
            })
    void refusesWhatIsNoPage(String text) {
        assertThatThrownBy(() -> nodes.readPage(new StringReader(text), _ -> {}))
                .isInstanceOfAny(MalformedObjectException.class, IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>bad gateway</html>", "[]", "{\"code\":[]}"})
    void takesAnyTextForAStatus(String text) {
        assertThat(WatchEventReader.readStatus(text).code()).isZero();
    }

    static List<ClusterObject> objects() {
        return List.of(
                aService().build(),
                aService("shop", "web")
                        .uid("u")
                        .version("12")
                        .created("2026-01-01T00:00:00Z")
                        .finalizer("a")
                        .label("x", "y")
                        .annotation("metallb.io/address-pool", "public")
                        .ofClass("example.com/edge")
                        .loadBalancerIp("203.0.113.9")
                        .families(IpFamily.IPV6, IpFamily.IPV4)
                        .familyPolicy(Service.FamilyPolicy.REQUIRE_DUAL_STACK)
                        .localTraffic(32000)
                        .affinity(Duration.ofMinutes(10))
                        .sourceRange("192.0.2.0/24")
                        .externalIp("192.0.2.77")
                        .selector(Map.of("app", "web"))
                        .build(),
                aSlice("shop", "web-1")
                        .of("web")
                        .version("3")
                        .endpoint("198.51.100.1", "T/T/F", "n1", "za", "zb")
                        .endpoint("198.51.100.2", "F/T/T", "n2")
                        .build(),
                new Node(
                        new ObjectName("", "n1"),
                        "5",
                        List.of(IpAddress.parse("192.0.2.11"), IpAddress.parse("2001:db8::11")),
                        List.of(IpAddress.parse("198.51.100.11")),
                        false));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void whatIsWrittenReadsAsTheSame(ClusterObject object) throws IOException {
        assertThat(ManifestReader.read(new StringReader(ObjectWriter.line(object))))
                .containsExactly(object);
    }
}
