package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.conf.ServerBlocks.Block;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerBlocksTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String cut(String text, Block block) {
        return text.substring(block.start(), block.end());
    }

    static List<String> plainFiles() {
        return List.of(
                "fairlead { virtual-servers { a { x = 1 }\n b { y = 2 } } }",
                "fairlead{virtual-servers{a { x = 1 },b { y = 2 }}}",
                """
                fairlead = { virtual-servers : {
                a { x = 1 } # }
                ,
                b { y = 2 }
                }
                }
                """,
                """
                # {
                other = [1, {}] "}"
                fairlead {
                  node-name = "}"
                  virtual-servers {\r
                    a { x = 1 }\r
                    b { y = 2 }\r
                  }\r
                }
                """,
                """
                fairlead { virtual-servers { // }
                a { x = 1 } // {
                /// "
                b { y = 2 } }, admin { socket = "/{" } }
                """,
                """
                fairlead.admin.socket = /x
                fairlead { virtual-servers { a { x = 1 }
                b { y = 2 } } }
                """);
    }

    @ParameterizedTest
    @MethodSource("plainFiles")
    void findsEveryVirtualServerOfAPlainFile(String text) {
        assertThat(ServerBlocks.find(bytes(text))).hasValueSatisfying(found -> {
            assertThat(found.blocks().stream().map(block -> cut(text, block)))
                    .containsExactly("a { x = 1 }", "b { y = 2 }");
            assertThat(text.charAt(found.from() - 1)).isEqualTo('{');
            assertThat(text.charAt(found.to())).isEqualTo('}');
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a { x = \"}\" }",
                "a { x = \"\\\"}\" }",
                "a { x = \"\\\\\" }",
                "a { x = \"\" }",
                "a { # }\n }",
                "a { // }\n }",
                "a { x = [ { y = [1, 2] }, ] }",
                "a = { included = 1 }",
            })
    void findsTheEndOfAVirtualServer(String member) {
        String text = "fairlead { virtual-servers { " + member + " } }";

        assertThat(ServerBlocks.find(bytes(text)))
                .hasValueSatisfying(found -> assertThat(found.blocks().stream().map(block -> cut(text, block)))
                        .containsExactly(member));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a { x = ${b} }",
                "a = ${b} { x = 1 }",
                "a { include \"b.conf\" }",
                "include \"b.conf\"",
                "\"a\" { x = 1 }",
                "a.x = 1",
                "a.b { x = 1 }",
                "a = 1",
                "a += { x = 1 }",
                "a { x = 1 } { y = 2 }",
                "a\n{ x = 1 }",
                "a =\n{ x = 1 }",
                "a b { x = 1 }",
                "a { x = \"\"\"}\"\"\" }",
                "a { x = \"\n\" }",
                "a { x = [ } ]",
                "a { x = 1",
                "a { x = 1 } # }",
                "a { x = 1 },, b { y = 2 }",
            })
    void knowsNothingOfOtherMembers(String members) {
        assertThat(ServerBlocks.find(bytes("fairlead { virtual-servers { " + members + " } }")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fairlead.virtual-servers { a { x = 1 } }",
                "fairlead.virtual-servers.a.x = 1\nfairlead { virtual-servers { a { y = 1 } } }",
                "fairlead { virtual-servers { a { x = 1 } } }\nfairlead { }",
                "fairlead { virtual-servers { a { x = 1 } }\n virtual-servers { b { x = 1 } } }",
                "fairlead { virtual-servers { a { x = 1 } }\n virtual-servers.a.x = 2 }",
                "fairlead { virtual-servers = null }",
                "fairlead { \"virtual-servers\" { a { x = 1 } } }",
                "\"fairlead\" { virtual-servers { a { x = 1 } } }",
                "{ fairlead { virtual-servers { a { x = 1 } } } }",
                "include \"b.conf\"\nfairlead { virtual-servers { a { x = 1 } } }",
                "fairlead { defaults = ${d}, virtual-servers { a { x = 1 } } }",
                "\ufefffairlead { virtual-servers { a { x = 1 } } }",
                "fairlead { virtual-servers { a { x = 1 } } } }",
            })
    void knowsNothingOfOtherFiles(String text) {
        assertThat(ServerBlocks.find(bytes(text))).isEmpty();
    }

    @Test
    void knowsNothingOfWhatIsNestedTooDeeply() {
        String deep = "fairlead { virtual-servers { a { x = " + "[".repeat(40) + "]".repeat(40) + " } } }";

        assertThat(ServerBlocks.find(bytes(deep))).isEmpty();
    }

    @Test
    void findsTheMembersOfAPart() {
        String part = "a { x = 1 }\n b { y = 2 }";

        assertThat(ServerBlocks.members(bytes(part), 0, part.length(), false))
                .contains(List.of(new Block("a", 0, 11), new Block("b", 13, 24)));
    }

    @Test
    void aPartThatEndsBetweenMembersIsOnlyKnownAtTheEndOfAllMembers() {
        String part = "a { x = 1 }\n ";

        assertThat(ServerBlocks.members(bytes(part), 0, part.length(), false)).isEmpty();
        assertThat(ServerBlocks.members(bytes(part), 0, part.length(), true)).contains(List.of(new Block("a", 0, 11)));
    }
}
