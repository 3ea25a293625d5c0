package io.fairlead.health.check;

import java.util.Locale;
import java.util.regex.Pattern;

/** Bytes in hexadecimal, where {@code x} stands for any four bits, as in keepalived's {@code require_reply}. */
public record HexPattern(String digits) {

    private static final Pattern SYNTAX = Pattern.compile("([0-9a-fx]{2}){1,1024}");

    public HexPattern {
        digits = digits.toLowerCase(Locale.ROOT);
        if (!SYNTAX.matcher(digits).matches()) {
            throw new IllegalArgumentException(
                    "\"" + digits + "\" (expected: 1 to 1024 bytes in hexadecimal, x for any four bits)");
        }
    }

    /** Returns whether {@code bytes} begins so. */
    public boolean startsIn(byte[] bytes) {
        if (bytes.length * 2 < digits.length()) {
            return false;
        }
        for (int i = 0; i < digits.length(); i++) {
            int found = (i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2]) & 0xf;
            if (digits.charAt(i) != 'x' && Character.digit(digits.charAt(i), 16) != found) {
                return false;
            }
        }
        return true;
    }
}
