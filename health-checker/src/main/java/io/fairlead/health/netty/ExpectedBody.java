package io.fairlead.health.netty;

import io.fairlead.health.check.BodyDigest;
import io.fairlead.health.check.BoundedPattern;
import io.fairlead.health.check.HttpExpectation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a body, as it comes, with what is expected of it. Keeps {@link HttpExpectation#SEARCHED_BYTES_MAX} bytes at most,
 * and those only for a pattern. Of one attempt.
 */
final class ExpectedBody {

    /** What the body came to. */
    record Verdict(boolean passed, String text) {}

    private final Optional<BoundedPattern> pattern;
    private final Optional<BodyDigest> digest;
    private final @Nullable MessageDigest running;
    private byte[] kept = new byte[0];
    private int keptBytes;
    private int bytes;
    private boolean found;

    ExpectedBody(HttpExpectation expectation) {
        this.pattern = expectation.body();
        this.digest = expectation.digest();
        this.running = digest.map(expected -> start(expected.algorithm())).orElse(null);
    }

    private static MessageDigest start(BodyDigest.Algorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.jdkName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without " + algorithm, e);
        }
    }

    /** Takes some more of the body; returns the verdict once there is one. */
    Optional<Verdict> add(ByteBuf part, boolean last) {
        bytes += part.readableBytes();
        if (running != null) {
            running.update(part.nioBuffer());
            if (bytes > HttpExpectation.DIGESTED_BYTES_MAX) {
                return no(
                        "a body of more than " + HttpExpectation.DIGESTED_BYTES_MAX + " bytes, too large for a digest");
            }
        }
        if (pattern.isPresent() && !found) {
            keep(part);
            if (last || keptBytes == HttpExpectation.SEARCHED_BYTES_MAX) {
                switch (pattern.get().searchIn(new String(kept, 0, keptBytes, StandardCharsets.UTF_8))) {
                    case FOUND -> found = true;
                    case NOT_FOUND -> {
                        return no("expected text not in the first " + keptBytes + " bytes of the body");
                    }
                    case TOO_COSTLY -> {
                        return no("expected text not looked for to the end: the regular expression takes too many steps"
                                + " on this body");
                    }
                }
                kept = new byte[0];
            }
        }
        if (running == null && found) {
            return Optional.of(new Verdict(true, "expected text found"));
        }
        return last && running != null ? Optional.of(compare(running.digest())) : Optional.empty();
    }

    private Verdict compare(byte[] actual) {
        String hex = HexFormat.of().formatHex(actual);
        return hex.equals(digest.map(BodyDigest::hex).orElse(""))
                ? new Verdict(true, "expected digest")
                : new Verdict(false, "digest of the body " + hex + " (not the one expected)");
    }

    private static Optional<Verdict> no(String text) {
        return Optional.of(new Verdict(false, text));
    }

    private void keep(ByteBuf part) {
        int more = Math.min(part.readableBytes(), HttpExpectation.SEARCHED_BYTES_MAX - keptBytes);
        if (keptBytes + more > kept.length) {
            int grown = Math.max(keptBytes + more, Math.min(2 * kept.length, HttpExpectation.SEARCHED_BYTES_MAX));
            kept = Arrays.copyOf(kept, grown);
        }
        part.getBytes(part.readerIndex(), kept, keptBytes, more);
        keptBytes += more;
    }
}
