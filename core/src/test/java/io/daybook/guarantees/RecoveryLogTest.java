package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.JournalTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What open found and did is also one line of the log. */
class RecoveryLogTest extends JournalTest {

    @Test
    void theRecoveryReportIsOneLineOfTheLog() throws Exception {
        KnownJournal journal = KnownJournal.make(temp, 100);
        journal.putBack(KnownJournal.Left.STOPPED, folder);
        new Damages(temp.resolve("of-another")).all().get("tail-torn").to(folder, KnownJournal.Left.STOPPED);
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.add("-Dorg.slf4j.simpleLogger.log.io.daybook=info");
        List<String> lines;
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), KillAfterStopTest.Opener.class, folder)) {
            lines = child.lines().stream().filter(line -> line.contains("io.daybook.")).toList();
        }
        assertEquals(1, lines.size(), lines::toString);
        String line = lines.get(0);
        for (String part : List.of("folder=" + folder, "epoch=2", "machineStopped=true", "newEpoch=true", "endPosition=10",
            "indexRebuilt=true", "cut=Cut[file=" + folder.resolve("queue"), "setAside=[19700101F.cq4-from-", "took=PT")) {
            assertTrue(line.contains(part), part + " in " + line);
        }
        assertFalse(line.contains("took=PT0S"), line);
    }
}
