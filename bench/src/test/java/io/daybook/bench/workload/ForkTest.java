package io.daybook.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.daybook.bench.Scratch;
import io.daybook.bench.contender.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    /** The end of its input is all that a child sees of its parent's end. */
    @Test
    @Timeout(120)
    void aMeasurementEndsWithWhoeverAskedForItAndLeavesNothing() throws IOException, InterruptedException {
        Process child = Fork.start(Fork.PROGRAM, Cases.toJson(FOR_HOURS), folder.resolve("histograms").toString());
        try {
            while (written().isEmpty()) {
                assertFalse(child.waitFor(10, TimeUnit.MILLISECONDS), "it measures for hours");
            }
            child.getOutputStream().close();
            assertEquals(1, child.waitFor());
        } finally {
            child.destroyForcibly();
        }
        assertEquals(List.of(), written());
    }

    private List<Path> written() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("daybook-bench-")).toList();
        }
    }
}
