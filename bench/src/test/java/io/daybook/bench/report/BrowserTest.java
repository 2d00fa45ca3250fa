package io.daybook.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.daybook.bench.OldestJdk;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks at the page in headless Chromium, where one is installed: nothing overlaps, is cut, or makes the page scroll sideways. */
class BrowserTest {

    private static final long MOST_SECONDS = 120;

    /** Measures the page, and leaves what it finds in its title. It is in the test's copy only. */
    private static final String MEASURE = """
            <script>
            addEventListener('load', () => {
              const wrong = [];
              const wide = document.documentElement.scrollWidth;
              const room = document.documentElement.clientWidth;
              if (wide > room) wrong.push("page " + wide + " > " + room);
              const touches = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
              const check = (boxes, where) => boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
                if (touches(a.box, b.box)) wrong.push(where + ': ' + a.text + ' / ' + b.text);
              }));
              const boxes = nodes => [...nodes].map(node => ({box: node.getBoundingClientRect(), text: node.textContent}));
              let plots = 0, labels = 0, narrowest = 1e9;
              document.querySelectorAll('.plot svg').forEach(svg => {
                const box = svg.getBoundingClientRect();
                if (box.width === 0) return;
                plots++;
                const name = svg.getAttribute('aria-label');
                const texts = boxes(svg.querySelectorAll('text'));
                if (texts.length < 3) wrong.push(name + ': labels ' + texts.length);
                labels += texts.length;
                texts.forEach(each => {
                  narrowest = Math.min(narrowest, each.box.height);
                  if (each.box.left < box.left || each.box.right > box.right || each.box.top < box.top || each.box.bottom > box.bottom)
                    wrong.push(name + ': cut ' + each.text);
                });
                check(texts, name);
              });
              document.querySelectorAll('.legend').forEach(legend => {
                const entries = boxes(legend.children);
                entries.forEach(each => { if (each.box.right > innerWidth) wrong.push('legend cut: ' + each.text); });
                check(entries, 'legend');
              });
              document.title = 'plots=' + plots + ' labels=' + labels + ' lowest=' + Math.round(narrowest) + ' width=' + innerWidth
                + ' text=' + getComputedStyle(document.querySelector('.plot text')).fill + ' wrong=' + wrong.length + ' '
                + wrong.slice(0, 5).join('; ');
            });
            </script></body>""";

    @TempDir
    static Path folder;

    private static Path page;
    private static Optional<Path> chromium;

    @BeforeAll
    static void makePage() throws IOException {
        OldestJdk.require("BrowserTest");
        String[] path = System.getenv("PATH").split(File.pathSeparator);
        chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(path).map(each -> Path.of(each, name))).filter(Files::isExecutable).findFirst();
        if (chromium.isEmpty()) {
            System.out.println("The page was not looked at: there is no chromium on the path");
        }
        assumeTrue(chromium.isPresent(), "There is no chromium on the path");
        SampleResults.write(folder.resolve("results"));
        ReportPage.write(folder.resolve("results"), folder.resolve("index.html"));
        page = folder.resolve("measured.html");
        Files.writeString(page, Files.readString(folder.resolve("index.html")).replace("</body>", MEASURE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 800, 390})
    void noLabelOverlapsOrIsCut(int width) throws Exception {
        String verdict = look(page, width, 1);
        assertEquals(width, number(verdict, "width"), verdict);
        assertEquals(0, number(verdict, "wrong"), verdict);
        assertTrue(number(verdict, "plots") > 20 && number(verdict, "labels") > 200, verdict);
        assertTrue(number(verdict, "lowest") >= 12, "Labels too small to read: " + verdict);
    }

    @ParameterizedTest
    @CsvSource({"0, 'rgb(228, 232, 236)'", "1, 'rgb(28, 33, 38)'"})
    void labelsFollowTheColoursOfThePage(int scheme, String colour) throws Exception {
        assertTrue(look(page, 1280, scheme).contains("text=" + colour), colour);
    }

    /** A test of the test: what it looks for it also finds. */
    @Test
    void overlapsAndCutsAreSeen() throws Exception {
        Path broken = folder.resolve("broken.html");
        String rules = ".plot text { font-size: 60px; } main { width: 3000px; }</style>";
        Files.writeString(broken, Files.readString(page).replace("</style>", rules).replaceAll("textLength=\"\\d+\"", ""));
        String verdict = look(broken, 390, 1);
        assertTrue(number(verdict, "wrong") > 100 && verdict.contains("page ") && verdict.contains("cut"), verdict);
    }

    private static int number(String verdict, String name) {
        Matcher found = Pattern.compile("\\b" + name + "=(\\d+)").matcher(verdict);
        assertTrue(found.find(), verdict);
        return Integer.parseInt(found.group(1));
    }

    /**
     * What the script found. The page is looked at in a frame of the wanted width, because a window of Chromium has a least width of 500.
     */
    private static String look(Path measured, int width, int scheme) throws Exception {
        Path frame = Files.createTempFile(folder, "frame", ".html");
        Files.writeString(frame, "<!DOCTYPE html><body style='margin:0'><iframe id=f style='border:0;height:900px;width:" + width + "px' "
                + "src='" + measured.getFileName() + "'></iframe><script>addEventListener('load', () => { document.body.dataset.found = "
                + "document.getElementById('f').contentDocument.title; });</script></body>");
        Path dom = Files.createTempFile(folder, "dom", ".txt");
        Process browser = new ProcessBuilder(List.of(chromium.orElseThrow().toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--allow-file-access-from-files", "--user-data-dir=" + Files.createTempDirectory(folder, "profile"),
                "--blink-settings=preferredColorScheme=" + scheme, "--window-size=1400,900", "--dump-dom", frame.toUri().toString()))
                .redirectOutput(dom.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertTrue(browser.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "Chromium did not end: seconds=" + MOST_SECONDS);
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly().waitFor();
        }
        String found = Files.readString(dom, StandardCharsets.UTF_8);
        assertEquals(1, found.split("data-found=\"", -1).length - 1, "Chromium showed nothing");
        return found.substring(found.indexOf("data-found=\"") + "data-found=\"".length()).split("\"", 2)[0];
    }
}
