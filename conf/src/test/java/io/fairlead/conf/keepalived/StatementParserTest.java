package io.fairlead.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementParserTest {

    private final Remarks remarks = new Remarks();

    private String parse(String... lines) throws ImportException {
        List<SourceLine> source = new ArrayList<>();
        for (String line : lines) {
            source.add(new SourceLine("f", source.size() + 1, line));
        }
        return text(StatementParser.parse(source, remarks));
    }

    private static String text(List<Statement> statements) {
        StringBuilder text = new StringBuilder();
        for (Statement statement : statements) {
            text.append(String.join("|", statement.words()))
                    .append('@')
                    .append(statement.at().number());
            if (!statement.body().isEmpty()) {
                text.append('{').append(text(statement.body())).append('}');
            }
            text.append(';');
        }
        return text.toString();
    }

    @Test
    void takesBracesWhereverTheyStand() throws Exception {
        assertThat(parse("a b {", "c", "}")).isEqualTo("a|b@1{c@2;};");
        assertThat(parse("a b", "{", "c", "}")).isEqualTo("a|b@1{c@3;};");
        assertThat(parse("a { b 1 }", "c")).isEqualTo("a@1{b|1@1;};c@2;");
        assertThat(parse("a{", "b {", "c", "}", "d", "}")).isEqualTo("a@1{b@2{c@3;};d@5;};");
    }

    @Test
    void takesQuotedBracesForWords() throws Exception {
        assertThat(parse("a \"{\" '}' x")).isEqualTo("a|{|}|x@1;");
    }

    @Test
    void joinsAndUnescapesQuotedParts() throws Exception {
        assertThat(parse("a b\" c  \"d 'e \"f\"'")).isEqualTo("a|b c  d|e \"f\"@1;");
        assertThat(parse("a \"x\\ty\\x41\\101\\\\\\\"\"")).isEqualTo("a|x\tyAA\\\"@1;");
    }

    @Test
    void remarksOnBracesThatDoNotMatch() throws Exception {
        assertThat(parse("a {", "b")).isEqualTo("a@1{b@2;};");
        assertThat(parse("}", "a")).isEqualTo("a@2;");
        assertThat(remarks.all())
                .extracting(Remark::toString)
                .containsExactly("f:1: a: no closing brace", "f:1: a closing brace without an opening one");
    }

    @Test
    void boundsNesting() {
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> parse("a { ".repeat(100)))
                .withMessageContaining("nested deeper");
    }
}
