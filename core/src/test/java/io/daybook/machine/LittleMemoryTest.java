package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.JournalTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A journal that is larger than the memory that its process may use is written, read, and indexed anew; nothing is killed. */
class LittleMemoryTest extends JournalTest {

    private static final long LIMIT_BYTES = 256L << 20;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("LittleMemoryTest");
    }

    @Test
    void worksOnAJournalLargerThanItsMemory() throws Exception {
        try (MemoryGroup group = MemoryGroup.create(LIMIT_BYTES, "LittleMemoryTest")) {
            List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
            flags.addAll(List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"));
            List<String> lines;
            try (ChildJvm child = ChildJvm.startBehind(group.command(), flags, LargeWriter.class, folder, Effort.times(320, 1_500),
                Effort.times(50_000, 200_000))) {
                lines = child.lines();
                child.exitCode();
            }
            System.out.println("in 256 MiB (most " + group.most() + "): " + String.join(" ", lines));
            assertEquals(0, group.kills(), lines::toString);
            assertEquals("ended.", lines.get(lines.size() - 1), lines::toString);
        }
    }
}
