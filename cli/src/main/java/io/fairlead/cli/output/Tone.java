package io.fairlead.cli.output;

/** How something is meant, said by a colour beside the words that say it already. */
enum Tone {
    PLAIN(""),
    GOOD("32"),
    ODD("33"),
    BAD("31");

    /** Of ECMA-48: green, yellow, red, from the terminal's own palette. */
    private final String code;

    Tone(String code) {
        this.code = code;
    }

    /** Returns the text, coloured where the display has colours. */
    String paint(String text, Display display) {
        return code.isEmpty() || text.isBlank() || !display.isColoured()
                ? text
                : "\033[" + code + "m" + text + "\033[0m";
    }
}
