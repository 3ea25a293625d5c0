package io.fairlead.health.netty;

import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Optional;

/** Says in the operator's words why a certificate was not accepted. */
final class RefusedCertificateException extends CertificateException {

    private static final long serialVersionUID = 1;

    private final String sentence;
    private final Instant expires;

    /** @param expires when the certificate expires, or has expired */
    RefusedCertificateException(String sentence, Instant expires, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
        this.expires = expires;
    }

    /** Returns the one that {@code thrown} comes from. */
    static Optional<RefusedCertificateException> in(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedCertificateException refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    String sentence() {
        return sentence;
    }

    Instant expires() {
        return expires;
    }
}
