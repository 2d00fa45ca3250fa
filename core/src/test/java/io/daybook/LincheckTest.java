package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.daybook.append.GuardedCounter;
import io.daybook.index.FindAndAddPositions;
import io.daybook.index.ReadAndPutHeads;
import io.daybook.journal.SharedForces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parts in memory that threads share without the store's lock answer as if their calls had come one after the other. Model checking
 * tries orders one by one, but does not see memory outside the heap; there real threads collide.
 */
@Timeout(600)
class LincheckTest {

    @TempDir
    private Path temp;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("LincheckTest");
    }

    @Test
    void whatThreadsShareAnswersAsIfCallsCameOneAfterTheOther() {
        List<Object> groups = new ArrayList<>();
        add(groups, GuardedCounter.class, "model", Effort.times(3, 100), Effort.times(200, 5_000));
        add(groups, ReadAndPutHeads.class, "model", Effort.times(3, 50), Effort.times(50, 1_000));
        add(groups, ReadAndPutHeads.class, "stress", Effort.times(4, 50), Effort.times(200, 1_000));
        add(groups, FindAndAddPositions.class, "model", Effort.times(6, 100), Effort.times(60, 2_000));
        add(groups, FindAndAddPositions.class, "stress", Effort.times(5, 100), Effort.times(500, 5_000));
        add(groups, SharedForces.class, "stress", Effort.times(4, 50), Effort.times(100, 1_000));
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.add("-Ddaybook.lincheck.folder=" + temp.resolve("forced"));
        flags.add("-XX:MaxDirectMemorySize=2g");
        if (Runtime.version().feature() >= 21) {
            flags.add("-XX:+EnableDynamicAgentLoading");
        }
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), ChildLincheck.class, groups.toArray())) {
            List<String> said = child.lines();
            said.forEach(System.out::println);
            assertEquals(0, child.exitCode(), () -> String.join("\n", said));
            assertEquals(groups.size() / 4, said.stream().filter(line -> line.startsWith("right ")).count());
        }
    }

    private static void add(List<Object> groups, Class<?> subject, String mode, int iterations, int invocations) {
        groups.addAll(List.of(subject.getName(), mode, iterations, invocations));
    }
}
