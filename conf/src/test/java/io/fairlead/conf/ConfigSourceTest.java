package io.fairlead.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourceTest {

    private static final int EDITS = 30;
    private static final AtomicInteger SHARED = new AtomicInteger();

    private static final String THREE = """
        fairlead {
          defaults { scheduler = wrr }
          virtual-servers {
            api {
              address = "192.0.2.1", port = 80
              real-servers = [ { address = "198.51.100.1", weight = 10 } ]
            }
            # the shop
            shop {
              address = "192.0.2.2", port = 80
              real-servers = [ { address = "198.51.100.2", weight = 20 } ]
            },
            web {
              address = "192.0.2.3", port = 80
              real-servers = [ { address = "198.51.100.3", weight = 30 } ]
            }
          }
        }
        """;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("fairlead.conf");
    }

    private void write(String text) throws IOException {
        Files.write(file(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static FairleadConfig accepted(ConfigOutcome outcome) {
        return Outcomes.accepted(outcome);
    }

    private static Map<String, ConfiguredVirtualServer> byName(ConfigOutcome outcome) {
        Map<String, ConfiguredVirtualServer> byName = new HashMap<>();
        for (ConfiguredVirtualServer virtualServer : accepted(outcome).virtualServers()) {
            byName.put(virtualServer.spec().name(), virtualServer);
        }
        return byName;
    }

    /** Else the two would agree because they are one. */
    @AfterAll
    static void manyEditsTookTheShortWay() {
        assertThat(SHARED.get()).isGreaterThan(200);
    }

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("fairlead.test.seeds", 60));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void saysOfEveryEditWhatAWholeLoadSays(long seed) throws IOException {
        Files.writeString(
                directory.resolve("other.conf"),
                "vs-inc { address = \"203.0.113.99\", port = 1, real-servers = [] }\n");
        EditedFile edited = new EditedFile(new Random(seed));
        ConfigSource source = new ConfigSource(file());
        int shared = 0;
        Optional<FairleadConfig> before = Optional.empty();
        for (int i = 0; i < EDITS; i++) {
            byte[] text = edited.bytes();
            Files.write(file(), text);

            ConfigOutcome outcome = source.load();

            assertThat(outcome)
                    .as("seed %d, edit %d of:%n%s", seed, i, new String(text, StandardCharsets.UTF_8))
                    .isEqualTo(ConfigFile.load(file()));
            if (outcome instanceof ConfigOutcome.Accepted accepted) {
                FairleadConfig config = accepted.config();
                if (before.isPresent() && sharesInstances(before.get(), config)) {
                    shared++;
                }
                before = Optional.of(config);
            }
            edited.edit();
        }
        SHARED.addAndGet(shared);
    }

    private static boolean sharesInstances(FairleadConfig one, FairleadConfig other) {
        Set<ConfiguredVirtualServer> instances = Collections.newSetFromMap(new IdentityHashMap<>());
        instances.addAll(one.virtualServers());
        return other.virtualServers().stream().anyMatch(instances::contains);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "weight = 20 | weight = 21",
                "weight = 20 | weight = 20, name = middle",
                "shop { | store {",
                "address = \"192.0.2.2\" | address = \"192.0.2.200\"",
                "# the shop | # the shop } \" {",
            })
    void loadsOnlyTheVirtualServerThatChanged(String old, String replacement) throws IOException {
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        Map<String, ConfiguredVirtualServer> before = byName(source.load());
        write(THREE.replace(old, replacement));

        ConfigOutcome outcome = source.load();

        assertThat(outcome).isEqualTo(ConfigFile.load(file()));
        assertThat(byName(outcome).get("api")).isSameAs(before.get("api"));
        assertThat(byName(outcome).get("web")).isSameAs(before.get("web"));
    }

    @Test
    void keepsTheOthersWhenAVirtualServerIsAddedOrRemoved() throws IOException {
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        Map<String, ConfiguredVirtualServer> before = byName(source.load());
        write(THREE.replace(
                "    # the shop", "    new { address = \"192.0.2.9\", port = 80, real-servers = [] }\n    # the shop"));

        Map<String, ConfiguredVirtualServer> more = byName(source.load());
        write(THREE);
        Map<String, ConfiguredVirtualServer> again = byName(source.load());

        assertThat(more).containsOnlyKeys("api", "new", "shop", "web");
        assertThat(again).containsOnlyKeys("api", "shop", "web");
        for (String name : before.keySet()) {
            assertThat(more.get(name)).isSameAs(before.get(name));
            assertThat(again.get(name)).isSameAs(before.get(name));
        }
    }

    @Test
    void takesTheShortWayAgainAfterARefusedEdit() throws IOException {
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        Map<String, ConfiguredVirtualServer> before = byName(source.load());
        write(THREE.replace("weight = 20", "weight = -1"));
        assertThat(source.load()).isInstanceOf(ConfigOutcome.Refused.class);
        write(THREE.replace("weight = 20", "weight = 22"));

        Map<String, ConfiguredVirtualServer> after = byName(source.load());

        assertThat(after.get("web")).isSameAs(before.get("web"));
        assertThat(after.get("shop")).isNotEqualTo(before.get("shop"));
    }

    @Test
    void loadsEverythingAgainWhenTheDefaultsChange() throws IOException {
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        Map<String, ConfiguredVirtualServer> before = byName(source.load());
        write(THREE.replace("wrr", "mh"));

        ConfigOutcome outcome = source.load();

        assertThat(outcome).isEqualTo(ConfigFile.load(file()));
        assertThat(byName(outcome)).hasSize(3).doesNotContainEntry("web", before.get("web"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# a comment with a \u0000 in it",
                "# a comment with ${",
                "# a comment with +=",
                "api { port = 81 }",
                "api.port = 81",
                "\"api\" { port = 81 }",
                "include \"other.conf\"",
                "copy = ${fairlead.virtual-servers.api} { port = 81 }",
                "other { address = \"192.0.2.3\", port = 80 }",
                "api = null",
                "]",
                "}",
                "{",
                ",,",
                "\"",
                "}\n}\nfairlead { virtual-servers {",
                "} virtual-servers {",
            })
    void agreesWithAWholeLoadAboutWhatIsInsertedBetweenVirtualServers(String inserted) throws IOException {
        Files.writeString(directory.resolve("other.conf"), "other { address = \"203.0.113.9\", port = 1 }\n");
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        ConfigOutcome _ = source.load();
        write(THREE.replace("# the shop", inserted));

        assertThat(source.load()).isEqualTo(ConfigFile.load(file()));
    }

    /** The bound on what substitutions may grow to is one on the whole file, so nothing of it is left out. */
    @ParameterizedTest
    @ValueSource(strings = {"weight = 20 } ], real-servers += { address = \"198.51.100.9\" }", "weight = 20 } ] # ${"})
    void loadsEverythingAgainWhenASubstitutionAppears(String replacement) throws IOException {
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        Map<String, ConfiguredVirtualServer> before = byName(source.load());
        write(THREE.replace("weight = 20 } ]", replacement));

        ConfigOutcome outcome = source.load();

        assertThat(outcome).isEqualTo(ConfigFile.load(file()));
        assertThat(byName(outcome).get("web")).isEqualTo(before.get("web")).isNotSameAs(before.get("web"));
    }

    @Test
    void refusesManyAppendedListsAsAWholeLoadDoes() throws IOException {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            members.append(
                    "    vs-%d { fwmark = %d, family = ipv4%n      scheduler-flags += mh-port }%n".formatted(i, i + 1));
        }
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        ConfigOutcome _ = source.load();
        write(THREE.replace("    # the shop\n", members));

        assertThat(source.load()).isEqualTo(ConfigFile.load(file()));
    }

    @Test
    void reportsAFileThatIsGoneAndFollowsItsReturn() throws IOException {
        ConfigSource source = new ConfigSource(file());
        write(THREE);
        ConfigOutcome first = source.load();
        Files.delete(file());
        assertThat(source.load()).isEqualTo(ConfigFile.load(file())).isInstanceOf(ConfigOutcome.Refused.class);
        write(THREE);

        assertThat(source.load()).isEqualTo(first);
    }

    @Test
    void rehearsesAReloadThatChangesNothing() throws IOException {
        write(THREE);
        ConfigSource source = new ConfigSource(file());
        FairleadConfig loaded = accepted(source.load());

        FairleadConfig rehearsed = source.rehearse().orElseThrow();

        assertThat(rehearsed).isEqualTo(loaded);
        assertThat(rehearsed.virtualServers().getFirst())
                .as("not parsed again")
                .isSameAs(loaded.virtualServers().getFirst());
        assertThat(rehearsed.virtualServers().getLast())
                .as("parsed again")
                .isNotSameAs(loaded.virtualServers().getLast());
        assertThat(accepted(source.load())).as("nothing is remembered of it").isSameAs(loaded);
    }

    @Test
    void rehearsesNothingWhereAReloadLoadsTheWholeFile() throws IOException {
        write("fairlead {}");
        ConfigSource source = new ConfigSource(file());

        assertThat(source.rehearse()).isEmpty();
        source.load();
        assertThat(source.rehearse()).isEmpty();
    }
}
