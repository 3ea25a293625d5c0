package io.fairlead.ha.seal;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a cluster: the first seals what is sent, all of them open what comes. So a key is changed without a gap:
 * add the new one as second on every peer, then make it the first everywhere, then drop the old one.
 *
 * @param keys 1 to 4, each another one
 */
public record KeyRing(List<ClusterKey> keys) {

    /** The most keys of a cluster at a time. */
    public static final int KEY_COUNT_MAX = 4;

    private static final String EXPECTED =
            "expected: lines of 44 characters, each 32 bytes in Base64; '#' begins a comment";

    public KeyRing {
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.size() > KEY_COUNT_MAX) {
            throw new IllegalArgumentException("keys: " + keys.size() + " (expected: 1.." + KEY_COUNT_MAX + ")");
        }
        if (keys.stream().map(ClusterKey::id).distinct().count() < keys.size()) {
            throw new IllegalArgumentException("keys: one of them twice (expected: each another one)");
        }
    }

    /**
     * Reads the text of a key file.
     *
     * @throws IllegalArgumentException if it is anything else; the message holds nothing of the text
     */
    public static KeyRing parse(String text) {
        List<ClusterKey> keys = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#")) {
                continue;
            }
            int at = number;
            keys.add(decode(bare)
                    .orElseThrow(() -> new IllegalArgumentException("line " + at + " is no key (" + EXPECTED + ")")));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key (" + EXPECTED + ")");
        }
        return new KeyRing(keys);
    }

    private static Optional<ClusterKey> decode(String line) {
        try {
            return ClusterKey.of(Base64.getDecoder().decode(line));
        } catch (IllegalArgumentException _) { // its message would quote the secret
            return Optional.empty();
        }
    }

    ClusterKey sending() {
        return keys.getFirst();
    }

    Optional<ClusterKey> withId(int id) {
        for (ClusterKey key : keys) {
            if (key.id() == id) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }
}
