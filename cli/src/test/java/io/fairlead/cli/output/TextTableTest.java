package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    private static final Display NARROW = Display.WHOLE.ofWidth(34);
    private static final Display COLOURED = new Display(Integer.MAX_VALUE, true, "…");

    private static TextTable table() {
        TextTable table = new TextTable(
                Column.left("NAME").shrinkingInside(6, 10),
                Column.right("ACTIVE").leaving(1),
                Column.left("STATE").shrinking(6, 12));
        table.row(
                Cell.of("shop-frontend-1"),
                Cell.of(7),
                Cell.of("healthy, draining until noon").or("draining").in(Tone.ODD));
        table.row(Cell.of("b"), Cell.of(1234), Cell.of("healthy").in(Tone.GOOD));
        return table;
    }

    @Test
    void isAsWideAsItsCellsWhereThereIsRoom() {
        assertThat(table().lines(Display.WHOLE))
                .containsExactly(
                        "NAME             ACTIVE  STATE",
                        "shop-frontend-1       7  healthy, draining until noon",
                        "b                  1234  healthy");
    }

    @Test
    void showsAShorterFormBeforeItCutsOne() {
        assertThat(table().lines(NARROW))
                .containsExactly(
                        "NAME          ACTIVE  STATE",
                        "shop-f…end-1       7  draining",
                        "b               1234  healthy");
    }

    @Test
    void leavesOutColumnsAndCutsTheRest() {
        assertThat(table().lines(Display.WHOLE.ofWidth(16)))
                .containsExactly("NAME     STATE", "sho…d-1  draini…", "b        healthy");
        assertThat(table().lines(Display.WHOLE.ofWidth(9))).allMatch(line -> line.length() <= 9);
    }

    @Test
    void coloursWordsAndNothingElse() {
        assertThat(table().lines(COLOURED).getLast()).isEqualTo("b                  1234  \033[32mhealthy\033[0m");
    }

    @Test
    void coloursChangeNoWidth() {
        List<String> plain = table().lines(NARROW);

        assertThat(table().lines(new Display(34, true, "…")).stream().map(line -> line.replaceAll("\033\\[\\d+m", "")))
                .isEqualTo(plain);
    }

    @Test
    void showsNothingThatCommandsATerminal() {
        TextTable table = new TextTable(Column.left("REASON"));
        table.row(Cell.of("status \033[2J\u009b31m\r\n503"));

        assertThat(table.lines(Display.WHOLE).getLast()).isEqualTo("status ?[2J?31m??503");
    }

    @Test
    void showsAsMuchOfAListAsThereIsRoomFor() {
        Cell cell = Cell.list(List.of("192.0.2.1", "192.0.2.2", "2001:db8::1"), " ");

        assertThat(cell.fitting(31)).isEqualTo("192.0.2.1 192.0.2.2 2001:db8::1");
        assertThat(cell.fitting(30)).isEqualTo("192.0.2.1 192.0.2.2 +1");
        assertThat(cell.fitting(21)).isEqualTo("192.0.2.1 +2");
        assertThat(cell.fitting(3)).isEqualTo("192.0.2.1 +2");
    }
}
