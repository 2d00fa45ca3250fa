package io.daybook;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a test of a journal starts from: a folder, small settings, and afterwards a look for what was left behind. */
public abstract class JournalTest {

    /** Thrown away after the test. */
    @TempDir
    protected Path temp;

    /** Where the journal goes; not there yet. */
    protected Path folder;

    @BeforeEach
    void chooseFolder() {
        folder = temp.resolve("journal");
    }

    @AfterEach
    void leaveNothingBehind() throws Exception {
        Leaks.assertNone(temp);
    }

    /** Everything as small as it can be, so that rolls, flushes, evictions and growth happen in a short test. */
    protected static StoreSettings small() {
        return StoreSettings.create().cycleBytes(1 << 20).headTableBytes(1 << 18).indexCapacity(64).flushEvents(16);
    }

    /** The same seed in every build, for one that picks a few of many known damages: it should fail for what was changed only. */
    protected static long sameSeed(String test) {
        long seed = Long.getLong("daybook.seed", Effort.times(1, 0) == 1 ? 1 : System.nanoTime());
        System.out.println(test + ": seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        return seed;
    }

    /** A seed for a random test, which can be given to repeat a failure; printed, so that there is something to give. */
    protected static long seed(String test) {
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println(test + ": seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        return seed;
    }

    /** A payload of this length whose bytes depend on the token. */
    protected static byte[] bytes(int length, long token) {
        byte[] bytes = new byte[length];
        long state = token * 0x9E3779B97F4A7C15L + 1;
        for (int i = 0; i < length; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            bytes[i] = (byte) state;
        }
        return bytes;
    }

    /** A thread that does not keep the JVM alive. */
    protected static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
