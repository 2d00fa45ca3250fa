package io.daybook.append;

import static io.daybook.envelope.CommitDescriptor.ORDER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitEncoder;
import io.daybook.envelope.DerivedId;
import io.daybook.envelope.EventDescriptor;
import io.daybook.envelope.SkipRule;
import io.daybook.index.EntityIndex;
import io.daybook.index.Head;
import io.daybook.index.IndexDisk;
import io.daybook.index.IndexSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingCommitTest {

    private static final NewEvent EVENT = NewEvent.json("T", "{}");

    @TempDir
    private Path folder;
    private EntityIndex index;
    private PendingCommit commit;
    private long address = Address.of(0, 1000);

    @BeforeEach
    void open() throws IOException {
        index = IndexDisk.open(new IndexSettings(folder, new UUID(1, 1), new UUID(2, 2), IndexSettings.hash(1, 2), 1 << 20, 64, 1, 1,
                Thread::new), true, new AppendLock());
        commit = new PendingCommit(index, 1 << 16);
    }

    @AfterEach
    void close() {
        index.abandon();
    }

    /** Judges the commit, and writes it if its conditions hold; answers the entity that failed. */
    private int judge() {
        commit.findHeads();
        assertTrue(commit.findHeadsLocked());
        int failed = commit.firstFailed();
        if (failed < 0) {
            commit.stamp(address);
            commit.putHeads();
            address += commit.encoder().paddedLength();
        }
        return failed;
    }

    private int append(String entity, Expected expected) {
        commit.fill(entity, expected, EVENT);
        return judge();
    }

    private long version(String entity) {
        byte[] name = entity.getBytes(StandardCharsets.UTF_8);
        long[] head = new long[Head.WORDS];
        index.prepare(name, 0, name.length, head, 0);
        index.find(head, 0);
        return Head.version(head, 0);
    }

    @Test
    void everyConditionIsJudgedAgainstTheHead() {
        Expected[] conditions = {Expected.any(), Expected.absent(), Expected.present(), Expected.exactly(0), Expected.exactly(1),
            Expected.exactly(2)};
        for (int events = 0; events < 4; events++) {
            for (int c = 0; c < conditions.length; c++) {
                String entity = "e" + events + "-" + c;
                for (int i = 0; i < events; i++) {
                    assertEquals(-1, append(entity, Expected.any()));
                }
                boolean holds = conditions[c].holds(events - 1);
                assertEquals(holds ? -1 : 0, append(entity, conditions[c]), entity + " " + conditions[c]);
                assertEquals(events - 1 + (holds ? 1 : 0), version(entity), entity + " " + conditions[c]);
                assertEquals(events - 1, commit.actual(0));
                assertEquals(conditions[c], commit.condition(0));
                assertEquals(entity, commit.name(0));
            }
        }
    }

    @Test
    void theFirstFailingConditionIsTheOneGivenFirst() {
        append("b", Expected.any());
        commit.fill(Commit.create().expect("z", Expected.absent()).expect("b", Expected.exactly(1)).expect("a", Expected.present())
                .append("a", EVENT).append("new", EVENT));
        assertEquals(1, judge());
        assertEquals("b", commit.name(1));
        assertEquals(0, commit.actual(1));
        assertEquals(-1, version("a"), "nothing of a refused commit is stored");
        assertEquals(-1, version("new"));
    }

    /** Whatever order conditions and events name them in, and whether names are the same objects or not. */
    @Test
    void eventsFindTheirEntityInAnyOrder() {
        commit.fill(Commit.create().expect("a", Expected.absent()).expect("b", Expected.absent()).append("c", EVENT)
                .append("b", EVENT).append(new String("b"), EVENT).append("a", EVENT).append("d", EVENT).append("c", EVENT));
        assertEquals(-1, judge());
        assertEquals(4, commit.entities());
        String order = "";
        for (int i = 0; i < commit.encoder().events(); i++) {
            order += commit.name(commit.entityOf(i));
        }
        assertEquals("cbbadc", order);
        assertEquals(1, version("b"));
        assertEquals(1, version("c"));
    }

    @Test
    void aCommitThatCouldNotBeFilledLeavesNothing() {
        NewEvent refused = NewEvent.of("T", new byte[(1 << 16) + 1]);
        assertThrows(IllegalArgumentException.class,
                () -> commit.fill(Commit.create().expect("a", Expected.absent()).append("a", EVENT).append("b", refused)));
        commit.fill(Commit.create().append("b", EVENT).append("a", EVENT));
        assertEquals("b", commit.name(commit.entityOf(0)));
        assertEquals("a", commit.name(commit.entityOf(1)));
        assertEquals(Expected.any(), commit.condition(commit.entityOf(1)));
    }

    @Test
    void anEntityThatIsOnlyCheckedIsNotWritten() {
        append("checked", Expected.any());
        long entities = index.entities();
        commit.fill(Commit.create().expect("checked", Expected.present()).expect("nobody", Expected.absent()).append("written", EVENT));
        assertEquals(-1, judge());
        assertEquals(0, version("checked"));
        assertEquals(-1, version("nobody"));
        assertEquals(0, version("written"));
        assertEquals(entities + 1, index.entities());
    }

    /** Versions count on within a commit, and every pointer leads where a plain model says. */
    @Test
    void versionsAndPointersGoOnWithinACommitAndOverCommits() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, List<Long>> model = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            Commit events = Commit.create();
            List<String> order = new ArrayList<>();
            for (int j = random.nextInt(30); j >= 0; j--) {
                order.add("entity-" + random.nextInt(6));
                events.append(order.get(order.size() - 1), EVENT);
            }
            commit.fill(events);
            long data = address;
            assertEquals(-1, judge());
            CommitEncoder encoder = commit.encoder();
            assertEquals(order.size(), encoder.events());
            for (int j = 0; j < order.size(); j++) {
                List<Long> addresses = model.computeIfAbsent(order.get(j), e -> new ArrayList<>());
                int version = addresses.size();
                assertEquals(order.get(j), commit.name(commit.entityOf(j)));
                int at = encoder.offset(j);
                String cause = "seed=" + seed + " version=" + version;
                assertEquals(version, EventDescriptor.version(encoder.buffer().getLong(at + EventDescriptor.VERSION_OFFSET, ORDER)), cause);
                long previous = version == 0 ? 0 : addresses.get(version - 1);
                assertEquals(previous, encoder.buffer().getLong(at + EventDescriptor.PREVIOUS_OFFSET, ORDER), cause);
                long skip = version == 0 ? 0 : addresses.get((int) SkipRule.target(version));
                assertEquals(skip, encoder.buffer().getLong(at + EventDescriptor.SKIP_OFFSET, ORDER), cause);
                addresses.add(data + at);
                assertEquals(j == order.size() - 1, addresses.size() - 1 == commit.lastVersion && j == order.size() - 1, cause);
            }
        }
        model.forEach((entity, addresses) -> assertEquals(addresses.size() - 1, version(entity)));
        assertEquals(model.size(), index.entities());
    }

    @Test
    void manyEntitiesWithLongNamesFit() {
        Commit events = Commit.create();
        for (int i = 0; i < 200; i++) {
            events.expect("\u00e9".repeat(250) + i, i % 2 == 0 ? Expected.absent() : Expected.any());
            events.append("\u00e9".repeat(250) + i, EVENT);
        }
        commit.fill(events);
        assertEquals(-1, judge());
        assertEquals(200, commit.entities());
        for (int i = 0; i < 200; i++) {
            assertEquals("\u00e9".repeat(250) + i, commit.name(i));
            assertEquals(0, version(commit.name(i)));
            assertEquals(i, commit.entityOf(i));
        }
        append("short", Expected.absent());
        assertEquals(1, commit.entities(), "nothing is left of the commit before");
    }

    @Test
    void aCommitWithoutAnEventIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> commit.fill("e", Expected.any(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> commit.fill(Commit.create()));
        String message = assertThrows(IllegalArgumentException.class,
                () -> commit.fill(Commit.create().expect("a", Expected.absent()).expect("b", Expected.any()))).getMessage();
        assertTrue(message.contains("needs an event: conditions=2"), message);
    }

    @Test
    void anIdThatStandsInACommitTwiceIsRefused() {
        UUID id = new UUID(1, 2);
        for (int events : new int[] {2, 3, 16, 17, 40}) {
            List<NewEvent> list = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                list.add(i % 5 == 4 ? EVENT : EVENT.withId(new UUID(i, 7)));
            }
            list.set(0, EVENT.withId(id));
            commit.fill("e", Expected.any(), list);
            list.set(events - 1, EVENT.withId(id));
            String message = assertThrows(IllegalArgumentException.class, () -> commit.fill("e", Expected.any(), list)).getMessage();
            assertTrue(message.contains("id=" + id + " index=" + (events - 1)), message);
            list.set(events - 1, EVENT.withId(new UUID(1, 3)));
            commit.fill("e", Expected.any(), list);
            list.set(events - 1, EVENT.withId(new UUID(2, 2)));
            commit.fill("e", Expected.any(), list);
            assertEquals(events, commit.encoder().events());
        }
    }

    @Test
    void namesTheEntityByWhichARepeatIsLookedFor() {
        commit.fill(Commit.create().expect("checked", Expected.exactly(3)).expect("a", Expected.any()).expect("b", Expected.present())
                .expect("c", Expected.exactly(5)).expect("d", Expected.absent()).append("a", EVENT).append("b", EVENT).append("c", EVENT)
                .append("d", EVENT));
        assertEquals(3, commit.firstNamingVersion());
        assertEquals(5, commit.namedVersion(3));
        assertEquals(-1, commit.namedVersion(4));
        assertTrue(commit.namedVersion(1) < -1 && commit.namedVersion(2) < -1);
        commit.fill(Commit.create().expect("checked", Expected.exactly(3)).expect("a", Expected.absent()).append("a", EVENT));
        assertEquals(1, commit.firstNamingVersion(), "absent names a version too");
        commit.fill(Commit.create().expect("checked", Expected.exactly(3)).expect("b", Expected.present()).append("b", EVENT));
        assertEquals(-1, commit.firstNamingVersion());
    }

    @Test
    void aGivenIdIsFoundInTheWindow() {
        IdWindow window = new IdWindow(8, new DerivedId(new UUID(1, 1)), 1, 0);
        window.add(5, 6);
        commit.fill("e", Expected.any(), List.of(EVENT, EVENT.withId(new UUID(5, 7)), EVENT.withId(new UUID(5, 6))));
        assertTrue(commit.hasKnownId(window));
        assertEquals(0, commit.knownIdPosition);
        assertEquals(2, commit.knownIdEvent);
        commit.fill("e", Expected.any(), List.of(EVENT, EVENT.withId(new UUID(5, 7))));
        assertFalse(commit.hasKnownId(window));
        commit.addIds(window);
        assertEquals(2, window.find(5, 7));
        assertEquals(-1, window.find(0, 0));
    }

    @Test
    void aClaimIsACommitOfOneEvent() {
        commit.fill("old-1", Expected.any(), List.of(EVENT, EVENT));
        commit.claim("entity-1", -1, "T", 3).putByte(0, (byte) 1);
        commit.claimId(8, 9);
        commit.closeClaim();
        assertEquals(-1, judge());
        assertEquals(0, version("entity-1"));
        assertEquals(1, commit.encoder().events());
        assertEquals(new UUID(8, 9), commit.idOf(0));
        commit.claim("entity-1", 1, "T", 3);
        commit.closeClaim();
        assertEquals(0, judge());
        assertEquals(Expected.exactly(1), commit.condition(0));
        assertFalse(commit.encoder().idGiven(0));
    }

    @Test
    void anEntityThatIsFullTakesNoMore() {
        append("e", Expected.any());
        commit.fill("e", Expected.any(), EVENT);
        commit.findHeads();
        commit.findHeadsLocked();
        commit.heads()[2] += EventDescriptor.MAX_VERSION - 2;
        commit.stamp(address);
        assertEquals(EventDescriptor.MAX_VERSION - 1, commit.lastVersion);
        String message = assertThrows(IllegalStateException.class, () -> commit.stamp(address)).getMessage();
        assertTrue(message.contains("entity=e"), message);
    }
}
