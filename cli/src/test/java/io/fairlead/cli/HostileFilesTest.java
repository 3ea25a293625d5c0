package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is given as a configuration: it is refused in a line or a few, with the right exit code and without a stack trace. */
class HostileFilesTest {

    private static final int LINES_MAX = 3;

    @TempDir
    Path folder;

    /** What somebody may take for a configuration. */
    enum Hostile {
        BINARY {
            @Override
            void write(Path file) throws IOException {
                byte[] bytes = new byte[64 << 10];
                new Random(1).nextBytes(bytes);
                Files.write(file, bytes);
            }
        },
        ZEROES {
            @Override
            void write(Path file) throws IOException {
                Files.write(file, new byte[4096]);
            }
        },
        HUGE {
            @Override
            void write(Path file) throws IOException {
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(100 << 20);
                }
            }
        },
        DEEP {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "a {".repeat(100_000));
            }
        },
        DEEP_LISTS {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "a = " + "[".repeat(100_000));
            }
        },
        INCLUDES_ITSELF {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "include file(\"" + file + "\")\n");
            }
        },
        REFERS_TO_ITSELF {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "fairlead { node-name = ${fairlead.node-name}a\"b\" }\n");
            }
        },
        A_FOLDER {
            @Override
            void write(Path file) throws IOException {
                Files.createDirectory(file);
            }
        },
        ONE_LONG_LINE {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(file, "x".repeat(1 << 20));
            }
        };

        abstract void write(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void areRefusedInAFewLines(Hostile hostile) throws IOException {
        Path file = folder.resolve("fairlead.conf");
        hostile.write(file);

        for (String command : new String[] {"check", "show"}) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int exitCode = FairleadCommand.commandLineFor("config")
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute("config", command, file.toString());

            assertThat(exitCode).as(err.toString()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(err.toString().lines().count()).as(err.toString()).isBetween(1L, (long) LINES_MAX);
            assertThat(err.toString()).hasSizeLessThan(2000).doesNotContain("\tat ", "Exception");
            assertThat(out.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BINARY", "ZEROES", "HUGE", "DEEP", "A_FOLDER", "ONE_LONG_LINE"})
    void areNoKeepalivedConfigurationEither(Hostile hostile) throws IOException {
        Path file = folder.resolve("keepalived.conf");
        hostile.write(file);
        StringWriter err = new StringWriter();

        int exitCode = FairleadCommand.commandLineFor("import")
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute("import", "keepalived", file.toString(), "-i", "main");

        assertThat(exitCode).isIn(ExitCode.OK, ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).as("remarks, or why not").isNotEmpty().doesNotContain("\tat ", "Exception");
    }
}
