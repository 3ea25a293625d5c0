package io.fairlead.cli.command;

import io.fairlead.appliance.Signals;
import io.fairlead.appliance.admin.StatusReport;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.output.Display;
import io.fairlead.cli.output.Terminal;
import io.fairlead.cli.output.TopScreen;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Everything at a glance, live. */
@Command(
        name = "top",
        description = {
            "Show the virtual servers with their rates, again and again, on the whole screen.",
            "Keys: q quits; n c a i o sort by name, connections, active, bytes in and out; r reverses; j k scroll.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  fairlead top", "  fairlead top -d 5 --sort out", "  fairlead top -n 2 | tail -n +4"})
public final class TopCommand extends ApplianceCommand implements Callable<Integer> {

    private static final String ENTER = "\033[?1049h\033[?25l";
    private static final String LEAVE = "\033[?25h\033[?1049l";
    private static final Duration KEY_PAUSE = Duration.ofMillis(100);
    private static final int DELAY_MAX = 3600;

    @Option(
            names = {"-d", "--delay"},
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "Between two pictures, 1..3600 (default: ${DEFAULT-VALUE}).")
    private int delay;

    @Option(
            names = {"-n", "--pictures"},
            paramLabel = "N",
            description = "End after so many pictures, from 1; without a terminal the default is 2, which gives one of"
                    + " rates.")
    private int pictures;

    @Option(
            names = "--sort",
            paramLabel = "BY",
            defaultValue = "connections",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private TopScreen.Order order = TopScreen.Order.CONNECTIONS;

    private boolean reversed;
    private int skipped;
    private boolean quits;
    private Display terminal = Display.WHOLE;
    private Terminal.Size size = Terminal.USUAL;
    /** Set on the thread of signals. */
    private volatile boolean resized;
    /** Likewise: another program may have had the terminal meanwhile. */
    private volatile boolean continued;

    private Optional<StatusReport> before = Optional.empty();
    private @Nullable StatusReport now;
    private long beforeNanos;
    private long nowNanos;

    @Override
    public Integer call() {
        if (delay < 1 || delay > DELAY_MAX || pictures < 0) {
            throw new ParameterException(
                    spec().commandLine(), "-d " + delay + " -n " + pictures + " (expected: 1..3600, from 1)");
        }
        return Terminal.isInteractive() ? interactive() : plain(pictures == 0 ? 2 : pictures);
    }

    /** For a pipe: pictures as wide as they want to be, one below the other. */
    private int plain(int count) {
        PrintWriter out = spec().commandLine().getOut();
        Display display = display(OutputFormat.TABLE);
        for (int i = 0; i < count && !out.checkError(); i++) { // a reader that is gone wants no more
            if (i > 0) {
                LockSupport.parkNanos(Duration.ofSeconds(delay).toNanos());
            }
            fetch();
            lines(Integer.MAX_VALUE, display).forEach(this::printLine);
        }
        return ExitCode.OK;
    }

    private int interactive() {
        String terminalBefore = Terminal.keysAtOnce();
        Runnable restore = () -> {
            Terminal.restore(terminalBefore);
            System.out.print(LEAVE);
            System.out.flush();
        };
        Thread atTheEnd = new Thread(restore); // also after Ctrl-C
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        terminal = display(OutputFormat.TABLE);
        Signals.handle("WINCH", () -> resized = true);
        Signals.handle("CONT", () -> continued = true);
        print(ENTER);
        try (InputStream keys = Files.newInputStream(Path.of("/dev/tty"))) {
            for (int drawn = 0; !quits && (pictures == 0 || drawn < pictures); drawn++) {
                fetch();
                size = Terminal.size();
                draw();
                await(keys);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, List.of("the terminal cannot be read: " + e.getMessage()));
        } finally {
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
            restore.run();
        }
    }

    private void fetch() {
        before = Optional.ofNullable(now);
        beforeNanos = nowNanos;
        now = ask(StatusReport.class, "GET", "/v1/status", "");
        nowNanos = System.nanoTime();
    }

    private List<String> lines(int rows, Display display) {
        return TopScreen.draw(
                before,
                Objects.requireNonNull(now, "fetched before it is drawn"),
                Duration.ofNanos(nowNanos - beforeNanos),
                new TopScreen.View(rows, display, order, reversed, skipped));
    }

    /** Draws over what is there, so that nothing flickers. */
    private void draw() {
        StringBuilder screen = new StringBuilder("\033[H");
        List<String> lines = lines(size.rows(), terminal.ofWidth(size.columns()));
        for (int i = 0; i < lines.size(); i++) {
            screen.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append("\033[K");
        }
        print(screen.append("\033[J").toString());
    }

    /** Waits for the next picture, obeying keys and drawing again when the terminal has another size. */
    private void await(InputStream keys) throws IOException {
        long until = System.nanoTime() + Duration.ofSeconds(delay).toNanos();
        while (!quits && System.nanoTime() - until < 0) {
            boolean pressed = false;
            for (int key = keys.read(); key >= 0; key = keys.read()) { // -1: none is waiting
                pressed = true;
                obey((char) key);
            }
            if (continued) {
                continued = false;
                Terminal.keysAtOnce();
                print(ENTER);
                pressed = true;
            }
            if (resized) {
                resized = false;
                size = Terminal.size();
                pressed = true;
            }
            if (pressed) {
                draw();
            }
            LockSupport.parkNanos(KEY_PAUSE.toNanos());
        }
    }

    private void obey(char key) {
        switch (key) {
            case 'q' -> quits = true;
            case 'r' -> reversed = !reversed;
            case 'j' -> skipped++;
            case 'k' -> skipped = Math.max(0, skipped - 1);
            default -> TopScreen.Order.of(key).ifPresent(asked -> order = asked);
        }
    }
}
