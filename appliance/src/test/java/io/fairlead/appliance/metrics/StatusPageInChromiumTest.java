package io.fairlead.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.net.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page as a browser shows it, from our own server with its policy. Pictures of it are left in {@code target}, to be looked
 * at.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class StatusPageInChromiumTest {

    private static final Path PICTURES = Path.of("target");

    /** What is wider than the screen, or all of it. */
    private static final String OVERFLOWING = """
        [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
            .map(e => e.tagName + ': ' + e.textContent.slice(0, 40)).join('; ')
        """;

    /** Words in more than one line, where names and addresses do not stand, which have no other way. */
    private static final String BROKEN_WORDS = """
        [...document.querySelectorAll('th, td, dt, dd, p')]
            .filter(e => !['Real server', 'Address', 'Addresses', 'Of'].includes(e.dataset.column))
            .flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3))
            .flatMap(text => [...text.data.matchAll(/[A-Za-z]+/g)].filter(word => {
              const range = document.createRange();
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1;
            })).map(word => word[0]).join(' ')
        """;

    private static final String SMALLEST_TEXT = """
        Math.min(...[...document.querySelectorAll('body *')].map(e => parseFloat(getComputedStyle(e).fontSize)))
        """;

    /** Texts with less contrast to what is behind them than WCAG 2 wants (4.5); colours may be translucent. */
    private static final String TOO_FAINT = """
        (() => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const over = layers => {
            canvas.clearRect(0, 0, 1, 1);
            layers.forEach(([colour, alpha]) => {
              canvas.globalAlpha = alpha; canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
            });
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const light = rgb => {
            const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const dark = matchMedia('(prefers-color-scheme: dark)').matches;
          const texts = [...document.querySelectorAll('body *')]
              .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
          return texts.map(e => {
            const path = [];
            for (let p = e; p; p = p.parentElement) { path.unshift(p); }
            const behind = [[dark ? '#121212' : '#ffffff', 1]];
            let opacity = 1;
            path.forEach(p => {
              const style = getComputedStyle(p);
              behind.push([style.backgroundColor, 1]);
              opacity *= parseFloat(style.opacity);
            });
            const a = light(over(behind));
            const b = light(over([...behind, [getComputedStyle(e).color, opacity]]));
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e];
          }).filter(([ratio, _]) => ratio < 4.5)
              .map(([ratio, e]) => ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40))
              .join('; ');
        })()
        """;

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // set before the tests, unless they are skipped
    private MetricsServer server;

    @SuppressWarnings("NullAway.Init") // likewise
    private Chromium chromium;

    @BeforeAll
    void start() throws Exception {
        assumeTrue(Files.isExecutable(Chromium.PROGRAM), "needs Debian's package chromium: ./verify page");
        Site site = path -> path.equals("/")
                ? Optional.of(accept -> StatusPage.of(
                        CrowdedStatus.report(),
                        Elections.master(),
                        CrowdedStatus.events(),
                        Instant.parse("2026-01-15T09:30:00Z")))
                : Optional.empty();
        server = MetricsServer.start(site, ServerAddress.parse("127.0.0.1:0"));
        chromium = Chromium.start(folder);
    }

    @BeforeEach
    void forget() {
        chromium.forget();
    }

    @AfterAll
    void stop() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "phone, 360, 740, true, false",
        "phone-dark, 390, 844, true, true",
        "tablet, 768, 1024, true, false",
        "tablet-on-its-side, 1024, 768, true, false",
        "desktop, 1280, 900, false, false",
        "desktop-dark, 1920, 1080, false, true"
    })
    void isReadableOnEveryScreen(String name, int width, int height, boolean isPhone, boolean isDark) throws Exception {
        chromium.screen(width, height, isPhone);
        chromium.colours(isDark);

        chromium.open(address());

        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve("status-page-" + name + ".png"), chromium.picture());
        assertThat(chromium.evaluate("document.documentElement.clientWidth")).isEqualTo(Integer.toString(width));
        assertThat(chromium.evaluate(OVERFLOWING)).as("wider than the screen").isEmpty();
        assertThat(chromium.evaluate(BROKEN_WORDS)).as("broken words").isEmpty();
        assertThat(Integer.parseInt(chromium.evaluate("document.documentElement.scrollWidth")))
                .isLessThanOrEqualTo(width);
        assertThat(Double.parseDouble(chromium.evaluate(SMALLEST_TEXT))).isGreaterThanOrEqualTo(12);
        assertThat(chromium.evaluate(TOO_FAINT)).as("too faint").isEmpty();
    }

    @Test
    void showsTheNameOfEachColumnBesideItsValueOnAPhone() throws Exception {
        chromium.screen(360, 740, true);
        chromium.open(address());

        assertThat(chromium.evaluate("getComputedStyle(document.querySelector('thead')).display"))
                .isEqualTo("none");
        assertThat(chromium.evaluate("getComputedStyle(document.querySelector('td'), '::before').content"))
                .isNotIn("none", "normal", "\"\"");
    }

    @Test
    void asksForNothingFromElsewhereAndBreaksNoRuleOfItsPolicy() throws Exception {
        chromium.screen(1280, 900, false);
        chromium.open(address());

        assertThat(chromium.evaluate("document.scripts.length")).isEqualTo("0");
        assertThat(chromium.evaluate("getComputedStyle(document.body).maxWidth"))
                .as("its own style is allowed and used")
                .isEqualTo("1200px");
        assertThat(chromium.requests())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request).isIn(address(), address() + "favicon.ico", "about:blank"));
        assertThat(chromium.complaints().stream().filter(said -> !said.contains("404")))
                .as("no favicon is there, and nothing else is said")
                .isEmpty();
    }

    @Test
    void runsNoScriptThatAHostileTextWouldBring() throws Exception {
        chromium.open(address());

        chromium.evaluate("""
            (() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';
            document.body.append(s); })()
            """);

        assertThat(chromium.evaluate("window.ran")).isEqualTo("undefined");
        assertThat(chromium.complaints()).anyMatch(said -> said.contains("Content Security Policy"));
    }
}
