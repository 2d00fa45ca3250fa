package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.VMDisconnectedException;
import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.OtherBoot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A stop of the machine takes the newest commit, and the next owner is killed while it recovers: what it leaves opens, too. */
class KillAfterStopTest extends JournalTest {

    private static final Set<String> RECOVERY = Set.of("io.daybook.recovery.OwnedJournal", "io.daybook.recovery.TornTail",
        "io.daybook.journal.EpochFile", "io.daybook.journal.SmallFile");
    private static final int LINES = Effort.times(3, Integer.MAX_VALUE);
    private static final int LOOK_MS = 20;

    /** The owner that is killed; argument: folder. */
    static final class Opener {
        private Opener() {
        }

        public static void main(String[] arguments) {
            EventStore.open(Path.of(arguments[0]), KnownJournal.settings());
            Runtime.getRuntime().halt(0);
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KillAfterStopTest");
    }

    @Test
    void aKillWhileOpeningAfterAPowerCutNeedsNoHuman() throws Exception {
        Random random = new Random(seed("aKillWhileOpeningAfterAPowerCutNeedsNoHuman"));
        KnownJournal journal = KnownJournal.make(temp, 100);
        List<Place> places = new ArrayList<>(StepPlaces.find().all());
        places.removeIf(place -> !RECOVERY.contains(place.className()));
        assertTrue(places.size() > 40, places::toString);
        Collections.shuffle(places, random);
        int killed = 0;
        for (int i = 0; i < places.size() && killed < LINES; i++) {
            journal.putBack(KnownJournal.Left.STOPPED, folder);
            new Damages(temp.resolve("of-another")).all().get("tail-torn").to(folder, KnownJournal.Left.STOPPED);
            if (killAt(places.get(i))) {
                killed++;
                JournalFiles.Kept left = JournalFiles.keep(folder);
                assertOpens(10, places.get(i));
                assertOpens(11, places.get(i));
                left.putBack(folder);
                OtherBoot.writeInto(folder); // and the power goes once more
                assertOpens(10, places.get(i));
                assertOpens(11, places.get(i));
            }
        }
        System.out.println("aKillWhileOpeningAfterAPowerCutNeedsNoHuman: lines=" + killed);
        assertTrue(killed >= Math.min(LINES, 30));
    }

    private void assertOpens(int events, Place place) {
        try (EventStore store = EventStore.open(folder, KnownJournal.settings())) {
            assertEquals(events, store.endPosition(), place::toString);
            assertEquals(events, Events.all(store).size());
            store.append("order-1", Expected.any(), Events.event("Happened", ""));
        }
    }

    /** False: an owner that opens what is there does not come to this line. */
    private boolean killAt(Place place) throws Exception {
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.add(Debugger.flag(true));
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), Opener.class, folder);
             Debugger debugger = Debugger.attach(child.lineThatBegins(Debugger.LISTENING))) {
            debugger.haltAt(place, 1, Set.of(), false);
            debugger.go();
            while (debugger.awaitHalt(LOOK_MS) == null) {
                continue;
            }
            child.kill();
            return true;
        } catch (VMDisconnectedException e) {
            return false;
        }
    }
}
