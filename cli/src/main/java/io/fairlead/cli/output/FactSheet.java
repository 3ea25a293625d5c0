package io.fairlead.cli.output;

/** Facts about one thing, each with its name on the left. */
final class FactSheet {

    private final int indent;
    private final Display display;
    private final StringBuilder text = new StringBuilder();

    /** @param indent where the facts begin, from the left */
    FactSheet(int indent, Display display) {
        this.indent = indent;
        this.display = display;
    }

    void fact(String name, String fact) {
        fact(name, Cell.of(fact));
    }

    /** Adds a fact in full; what is too long for the display goes on below. */
    void fact(String name, Cell fact) {
        String label = name + ":" + " ".repeat(Math.max(1, indent - name.length() - 1));
        String folded = Prose.fold(label + fact.forms().getFirst(), indent, display);
        text.append(label)
                .append(fact.tone().paint(folded.substring(label.length()), display))
                .append(System.lineSeparator());
    }

    String text() {
        return text.toString();
    }
}
