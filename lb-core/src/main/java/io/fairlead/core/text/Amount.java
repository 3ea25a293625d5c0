package io.fairlead.core.text;

/** How many there are of something, in words: {@code 1 real server}, {@code 2 real servers}. */
public final class Amount {

    private Amount() {}

    /** @param one the word for one, which takes an s for several */
    public static String of(long count, String one) {
        return of(count, one, one + "s");
    }

    public static String of(long count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }
}
