package io.daybook.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.daybook.bench.Scratch;
import io.daybook.bench.contender.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkTest {

    private static final Case FOR_HOURS = Case.of("W11", "soak", "raw", Durability.D0).rate(100).seconds(10_000);

    @TempDir
    private Path folder;
    private String before;

    @BeforeEach
    void measureHere() {
        before = System.setProperty(Scratch.PROPERTY, folder.toString());
    }

    @AfterEach
    void measureElsewhere() {
        if (before == null) {
            System.clearProperty(Scratch.PROPERTY);
        } else {
            System.setProperty(Scratch.PROPERTY, before);
        }
    }

    /** The end of its input is all that a child sees of its parent's end; it may come while the first files are made. */
    @ParameterizedTest
    @ValueSource(strings = {"daybook-bench-", "metadata.cq4t"})
    @Timeout(120)
    void aMeasurementEndsWithWhoeverAskedForItAndLeavesNothing(String sight) throws IOException, InterruptedException {
        Process child = Fork.start(Fork.PROGRAM, Cases.toJson(FOR_HOURS), folder.resolve("histograms").toString());
        try {
            while (!written().contains(sight)) {
                assertFalse(child.waitFor(10, TimeUnit.MILLISECONDS), "it measures for hours");
            }
            child.getOutputStream().close();
            assertEquals(1, child.waitFor());
        } finally {
            child.destroyForcibly();
        }
        assertEquals("", written());
    }

    /** All that is there of what measurements write, a line a file. */
    private String written() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(folder::relativize).map(Path::toString).filter(name -> name.startsWith("daybook-bench-"))
                    .collect(Collectors.joining("\n"));
        } catch (UncheckedIOException e) {
            return written(); // a file vanished under it
        }
    }
}
