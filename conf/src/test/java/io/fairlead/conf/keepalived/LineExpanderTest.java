package io.fairlead.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineExpanderTest {

    @TempDir
    Path folder;

    private final Remarks remarks = new Remarks();

    private List<String> expand(String text) throws IOException, ImportException {
        Path file = Files.writeString(folder.resolve("keepalived.conf"), text);
        return new LineExpander("main", name -> name.equals("HOME") ? "/root" : "", remarks)
                .expand(file).stream().map(SourceLine::text).toList();
    }

    @Test
    void dropsComments() throws Exception {
        assertThat(expand("! all of it\na # rest\nb ! rest\nc \"# quoted\"\nd \\# escaped\n"))
                .containsExactly("a", "b", "c \"# quoted\"", "d \\# escaped");
    }

    @Test
    void keepsLinesWhoseConditionHolds() throws Exception {
        assertThat(expand("@main a\n@other b\n@^main c\n@^other d\n")).containsExactly("a", "d");
    }

    @Test
    void replacesParametersWhereTheyAreUsed() throws Exception {
        assertThat(expand("$BASE=10.2.${SUB}\n$SUB=0\n${BASE}.100\n$SUB=10\n${BASE}.100\nx $SUB y\nx $SUBS y\n"))
                .containsExactly("10.2.0.100", "10.2.10.100", "x 10 y", "x $SUBS y");
    }

    @Test
    void leavesWhatIsNotDefined() throws Exception {
        assertThat(expand("script $1 ${UNKNOWN} $(date)\n")).containsExactly("script $1 ${UNKNOWN} $(date)");
    }

    @Test
    void takesDefinitionsUnderConditions() throws Exception {
        assertThat(expand("@main $P=240\n@other $P=200\npriority $P\n$IF=@other\n$IF gone\n"))
                .containsExactly("priority 240");
    }

    @Test
    void dropsAllLinesOfADefinitionWhoseConditionFails() throws Exception {
        assertThat(expand("@other $P= \\\n one \\\n two\nthree\n")).containsExactly("three");
    }

    @Test
    void takesDefinitionsOfSeveralLinesEvenInOneAnother() throws Exception {
        assertThat(expand("""
            $RS= \\
            real_server 10.${V}.0.${N} { \\
              @main weight 1 \\
              @other weight 2 \\
            }
            $VS= \\
            virtual_server ${V} { \\
            $N=1 \\
            $RS \\
            $N=2 \\
            $RS \\
            }
            $V=7
            $VS
            """))
                .containsExactly(
                        "virtual_server 7 {",
                        "real_server 10.7.0.1 {",
                        "weight 1",
                        "}",
                        "real_server 10.7.0.2 {",
                        "weight 1",
                        "}",
                        "}");
    }

    @Test
    void knowsWhatIsDefinedBeforehand() throws Exception {
        assertThat(expand("a ${_INSTANCE} ${_PWD} ${_ENV HOME} ${_HASH} ${_BANG} ${_RANDOM 7 7}\n"))
                .containsExactly("a main " + folder.toAbsolutePath() + " /root # ! 7");
        assertThat(expand("${_RANDOM 3 5}\n").getFirst()).isIn("3", "4", "5");
    }

    @Test
    void repeatsSequences() throws Exception {
        assertThat(expand("~SEQ(N, 3) a$N\n~SEQ(N, 3) a${N}\n")).containsExactly("a1", "a2", "a3", "a1", "a2", "a3");
        assertThat(expand("~SEQ(N, 2, 0) ${N}\n~SEQ(N, 1, 4, 9) ${N}\n~SEQ(N, -2) ${N}\n"))
                .containsExactly("2", "1", "0", "1", "5", "9", "-1", "-2");
        assertThat(expand("~SEQx(N, 0x90, 0x10, 0xb0) ${N}\n")).containsExactly("90", "a0", "b0");
    }

    @Test
    void repeatsListsAndListsOfSeveralVariables() throws Exception {
        assertThat(expand("~LST(A, x, y) ${A}\n~LST({A, B}, {1,2},{3,4}) ~SEQ(C, 2) ${A}${B}${C}\n"))
                .containsExactly("x", "y", "121", "122", "341", "342");
    }

    @Test
    void remarksOnRepetitionsThatItDoesNotUnderstand() throws Exception {
        assertThat(expand("~SEQ(N, x) a\n~LST({A,B}, {1}) b\n~SEQ(N, 1, 0, 2) c\n~FOO(1) d\n"))
                .isEmpty();
        assertThat(remarks.all())
                .hasSize(4)
                .allSatisfy(remark -> assertThat(remark.text()).contains("not understood"));
    }

    @Test
    void includesInOrderOfNamesAndRelativeToTheFile() throws Exception {
        Files.createDirectories(folder.resolve("d/e"));
        Files.writeString(folder.resolve("d/b.conf"), "b\n");
        Files.writeString(folder.resolve("d/a.conf"), "a\ninclude e/*.conf\n");
        Files.writeString(folder.resolve("d/e/c.conf"), "c ${_PWD}\n");

        assertThat(expand("include d/*.conf\nlast\n")).containsExactly("a", "c " + folder.resolve("d/e"), "b", "last");
        assertThat(expand("include d/{b,a}.conf\n")).containsExactly("a", "c " + folder.resolve("d/e"), "b");
        assertThat(expand("include " + folder.resolve("d/b.conf") + "\n")).containsExactly("b");
    }

    @Test
    void remarksOnWhatIsNotThereToInclude() throws Exception {
        assertThat(expand("include none.conf\na\n")).containsExactly("a");
        assertThat(remarks.all())
                .extracting(Remark::line, Remark::text)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(1, "include: no file matches none.conf"));
    }

    @Test
    void endsWhatNeverEnds() {
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> expand("include keepalived.conf\n"))
                .withMessageContaining("one in another");
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> expand("$A=x${A}\n${A}\n"))
                .withMessageContaining("parameters that never end");
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> expand("$A= \\\nx \\\n${A}\n${A}\n"))
                .withMessageContaining("comes to more than");
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> expand("~SEQ(A, 1000000) ~SEQ(B, 1000000) x\n"))
                .withMessageContaining("comes to more than");
    }

    @Test
    void saysWhatCannotBeRead() {
        assertThatExceptionOfType(ImportException.class)
                .isThrownBy(() -> new LineExpander("main", _ -> "", remarks).expand(folder))
                .withMessageContaining("no such file");
    }
}
