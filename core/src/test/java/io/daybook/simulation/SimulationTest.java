package io.daybook.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.JournalTest;
import io.daybook.MemoryFolder;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * All guarantees at once: the whole store on real files does what a list in memory does, over any sequence of steps, of closes, kills and
 * stops of the machine among them. Repeated from its seed; what the store's own agent did meanwhile may differ.
 */
class SimulationTest extends JournalTest {

    private static final int STEPS = Effort.times(100_000, 1_000_000);
    private static final int ON_DISK = 10; // the stop of a machine is played, so one world of ten is enough there
    private static final long NEXT_SEED = 0x9E37_79B9_7F4A_7C15L;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("SimulationTest");
    }

    @Test
    void theStoreDoesWhatTheModelDoes() throws Exception {
        try (MemoryFolder inMemory = MemoryFolder.make(temp)) {
            run(inMemory.path());
        }
    }

    private void run(Path inMemory) throws Exception {
        long seed = seed("theStoreDoesWhatTheModelDoes");
        long start = System.nanoTime();
        Map<Kind, Integer> done = new EnumMap<>(Kind.class);
        long cut = 0;
        int worlds = 0;
        for (int left = STEPS; left > 0; worlds++) {
            long own = seed + worlds * NEXT_SEED; // so that the seed of any world repeats it as the first
            int steps = Math.min(left, 500 + new Random(own).nextInt(3_000));
            World world = new World(own, worlds % ON_DISK == ON_DISK - 1 ? temp : inMemory);
            try {
                world.run(steps);
            } catch (AssertionError e) {
                throw new AssertionError("Repeat with -Ddaybook.seed=" + own + " (stepsBefore=" + (STEPS - left) + ") " + e.getCause()
                    + "\n" + e.getMessage(), e.getCause());
            }
            world.done().forEach((kind, times) -> done.merge(kind, times, Integer::sum));
            cut += world.cut();
            left -= steps;
        }
        System.out.println("simulated: steps=" + STEPS + " worlds=" + worlds + " eventsLostWithTheMachine=" + cut + " ms="
            + (System.nanoTime() - start) / 1_000_000 + " " + done);
        for (Kind kind : Kind.values()) {
            assertTrue(done.getOrDefault(kind, 0) > 0, () -> "never done: " + kind);
        }
    }
}
