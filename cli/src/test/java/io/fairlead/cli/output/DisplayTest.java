package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayTest {

    private static final Optional<Terminal.Size> TERMINAL = Optional.of(new Terminal.Size(50, 132));
    private static final Map<String, String> USUAL = Map.of("TERM", "xterm-256color");

    @Test
    void isAsWideAsTheTerminalAndColoured() {
        assertThat(Display.of(USUAL, TERMINAL, true)).isEqualTo(new Display(132, true, "…"));
    }

    @Test
    void hasRoomForEverythingAndNoColourWithoutATerminal() {
        assertThat(Display.of(USUAL, Optional.empty(), true)).isEqualTo(Display.WHOLE);
        assertThat(Display.of(new PrintWriter(new StringWriter()))).isEqualTo(Display.WHOLE);
    }

    @Test
    void isAsWideAsColumnsSaysWithATerminalOrNot() {
        assertThat(Display.of(Map.of("COLUMNS", "80"), TERMINAL, true).columns())
                .isEqualTo(80);
        assertThat(Display.of(Map.of("COLUMNS", "80"), Optional.empty(), true).columns())
                .isEqualTo(80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "100000"})
    void ignoresColumnsThatAreNoWidth(String columns) {
        assertThat(Display.of(Map.of("COLUMNS", columns), TERMINAL, true).columns())
                .isEqualTo(132);
    }

    @Test
    void hasNoColourWhereNobodyWantsItOrCanShowIt() {
        assertThat(Display.of(Map.of("TERM", "xterm", "NO_COLOR", "1"), TERMINAL, true)
                        .isColoured())
                .isFalse();
        assertThat(Display.of(Map.of("TERM", "xterm", "NO_COLOR", ""), TERMINAL, true)
                        .isColoured())
                .isTrue();
        assertThat(Display.of(Map.of("TERM", "dumb"), TERMINAL, true).isColoured())
                .isFalse();
        assertThat(Display.of(Map.of(), TERMINAL, true).isColoured()).isFalse();
    }

    @Test
    void marksWhatIsLeftOutWithACharacterThatTheTerminalKnows() {
        assertThat(Display.of(USUAL, TERMINAL, false).cutMark()).isEqualTo("~");
    }

    @Test
    void readsTheSizeThatSttySays() {
        assertThat(Terminal.parseSize("50 132\n")).isEqualTo(TERMINAL);
        assertThat(Terminal.parseSize("0 0\n")).isEmpty();
        assertThat(Terminal.parseSize("stty: standard input: Inappropriate ioctl for device"))
                .isEmpty();
    }
}
