package io.fairlead.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableLayoutTest {

    private static final List<Column> COLUMNS = List.of(
            Column.left("NAME").shrinkingInside(10, 24),
            Column.left("ADDRESS").shrinkingInside(21, 28),
            Column.right("WEIGHT"),
            Column.right("INACT").leaving(2),
            Column.right("TOTAL").leaving(1),
            Column.left("REASON").shrinking(10, 24));

    private static int[] widths(int room, int... natural) {
        return TableLayout.widths(COLUMNS, natural, room);
    }

    @Test
    void givesEveryColumnWhatItWantsWhereThereIsRoom() {
        int[] natural = {40, 45, 6, 5, 8, 60};

        assertThat(widths(174, natural)).isEqualTo(natural);
        assertThat(widths(Integer.MAX_VALUE, natural)).isEqualTo(natural);
    }

    @Test
    void shortensTheLongestFirstWhileOthersAreComfortable() {
        assertThat(widths(173, 40, 45, 6, 5, 8, 60)).containsExactly(40, 45, 6, 5, 8, 59);
        assertThat(widths(105, 40, 28, 6, 5, 8, 24)).containsExactly(24, 28, 6, 5, 8, 24);
    }

    @Test
    void leavesColumnsOutInTheirOrderBeforeOthersGetUncomfortable() {
        assertThat(widths(104, 40, 28, 6, 5, 8, 24)).containsExactly(33, 28, 6, 5, 0, 24);
        assertThat(widths(94, 40, 28, 6, 5, 8, 24)).containsExactly(30, 28, 6, 0, 0, 24);
    }

    @Test
    void shortensBelowComfortWhenNoColumnCanBeLeftOut() {
        assertThat(widths(80, 40, 45, 6, 5, 8, 60)).containsExactly(23, 23, 6, 0, 0, 22);
        assertThat(widths(60, 40, 45, 6, 5, 8, 60)).containsExactly(14, 21, 6, 0, 0, 13);
    }

    @Test
    void doesNotShortenWhatIsShort() {
        assertThat(widths(60, 4, 16, 6, 5, 8, 60)).containsExactly(4, 16, 6, 0, 0, 28);
    }

    /** No line is wider than there is room for, as long as the columns can be shortened to that. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void keepsToTheRoom(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int[] natural = IntStream.range(0, COLUMNS.size())
                    .map(column -> 1 + random.nextInt(column == 2 ? 6 : 60))
                    .toArray();
            int room = 53 + random.nextInt(200);

            int[] widths = widths(room, natural);

            long shown = IntStream.of(widths).filter(width -> width > 0).count();
            assertThat(IntStream.of(widths).sum() + 2 * (shown - 1)).isLessThanOrEqualTo(room);
            assertThat(IntStream.range(0, widths.length)).allMatch(column -> widths[column] <= natural[column]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connection refused, 18, false, connection refused",
        "connection refused, 10, false, connectio…",
        "shop-frontend-web-12, 11, true, shop-…eb-12",
        "[2001:db8:1234::5678]:8443, 21, true, [2001:db8:…5678]:8443",
        "abc, 1, true, a",
        "abc, 0, true, ''",
    })
    void marksWhereSomethingIsLeftOut(String text, int width, boolean keepsEnds, String shown) {
        assertThat(TableLayout.shorten(text, width, keepsEnds, "…")).isEqualTo(shown);
    }
}
