package io.fairlead.health.check;

import java.util.List;
import java.util.Optional;

/**
 * Passes when one HTTP request is answered as expected within the time-out. A redirect is an answer like any other; it is
 * never followed.
 *
 * @param tls present for type https
 * @param version HTTP/2 is agreed by ALPN with TLS, and assumed without (prior knowledge, RFC 9113 §3.3)
 */
public record HttpProbeSpec(
        ConnectionSpec connection,
        Optional<TlsSpec> tls,
        Version version,
        HttpRequestSpec request,
        HttpExpectation expectation)
        implements NetworkProbeSpec {

    /** The protocol's version. */
    public enum Version {
        HTTP_1_1,
        HTTP_2
    }

    /** Plain HTTP/1.1, whose status decides. */
    public HttpProbeSpec(String method, String path, Optional<String> host, List<StatusRange> expectStatus) {
        this(
                ConnectionSpec.DEFAULT,
                Optional.empty(),
                Version.HTTP_1_1,
                new HttpRequestSpec(method, path, host, List.of(), Optional.empty()),
                new HttpExpectation(expectStatus, Optional.empty(), Optional.empty()));
    }

    @Override
    public HttpProbeSpec withConnection(ConnectionSpec other) {
        return new HttpProbeSpec(other, tls, version, request, expectation);
    }

    @Override
    public String type() {
        return tls.isPresent() ? "https" : "http";
    }
}
