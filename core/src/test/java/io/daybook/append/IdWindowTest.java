package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.daybook.envelope.DerivedId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdWindowTest {

    private static final int EPOCH = 3;

    private final DerivedId derived = new DerivedId(new UUID(0x123456789L, 0x8765432112345678L));

    private static long find(IdWindow window, UUID id) {
        return window.find(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private UUID derived(long position) {
        return new UUID(derived.high(position), derived.low(EPOCH));
    }

    private static void add(IdWindow window, UUID id) {
        window.add(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private IdWindow window(int events) {
        return new IdWindow(events, derived, EPOCH, 0);
    }

    /** Against a queue and a map: ids that share slots, ids derived and given, over many turns of the ring. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 64, 128})
    void agreesWithAModel(int events) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        IdWindow window = window(events);
        long start = random.nextInt(3) * 1000L;
        window.startAt(start);
        Deque<UUID> newest = new ArrayDeque<>();
        Map<UUID, Long> model = new HashMap<>();
        for (long position = start; position < start + 30_000; position++) {
            UUID id = random.nextInt(3) == 0 ? null : id(random.nextInt(6 * events));
            if (id != null && model.containsKey(id)) {
                id = null;
            }
            if (id == null) {
                window.addDerived(1);
            } else {
                add(window, id);
            }
            newest.add(id == null ? derived(position) : id);
            model.put(newest.getLast(), position);
            if (newest.size() > events) {
                model.remove(newest.remove());
            }
            for (int i = 0; i < 4 && newest.size() == Math.min(position + 1, events); i++) {
                UUID asked = i == 0 ? derived(position - random.nextInt(events + 2)) : id(random.nextInt(6 * events));
                String cause = "seed=" + seed + " position=" + position + " id=" + asked;
                assertEquals(model.getOrDefault(asked, -1L), find(window, asked), cause);
            }
        }
    }

    /** Few values, and pairs whose halves cancel each other out in the hash: they share a slot. */
    private static UUID id(int number) {
        return number % 3 == 0 ? new UUID(number, number) : number % 3 == 1 ? new UUID(number, -number) : new UUID(0, number);
    }

    /** Also more of them than the window holds. */
    @Test
    void eventsWithoutAnIdComeOneByOneOrAllAtOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            IdWindow single = window(8);
            IdWindow batched = window(8);
            long end = 0;
            for (int step = 0; step < 20; step++) {
                UUID id = id(random.nextInt(12));
                int events = random.nextInt(12);
                for (int i = 0; i < events; i++) {
                    single.addDerived(1);
                }
                batched.addDerived(events);
                add(single, id);
                add(batched, id);
                end += events + 1;
                for (int number = 0; number < 12; number++) {
                    assertEquals(find(single, id(number)), find(batched, id(number)), "seed=" + seed + " number=" + number);
                }
                for (long position = Math.max(0, end - 10); position < end + 2; position++) {
                    assertEquals(find(single, derived(position)), find(batched, derived(position)), "seed=" + seed + " at=" + position);
                }
            }
        }
    }

    @Test
    void theNilIdIsAnIdLikeOthers() {
        IdWindow window = window(4);
        window.startAt(10);
        assertEquals(-1, window.find(0, 0));
        window.add(0, 0);
        assertEquals(10, window.find(0, 0));
        window.addDerived(1);
        window.addDerived(1);
        window.addDerived(1);
        assertEquals(10, window.find(0, 0));
        window.addDerived(1);
        assertEquals(-1, window.find(0, 0));
    }

    @Test
    void idsThatShareOneHalfAreTold() {
        IdWindow window = window(8);
        window.add(1, 2);
        window.add(2, 1);
        window.add(1, 3);
        assertEquals(0, window.find(1, 2));
        assertEquals(1, window.find(2, 1));
        assertEquals(2, window.find(1, 3));
        assertEquals(-1, window.find(2, 3));
        assertEquals(-1, window.find(3, 1));
    }

    @Test
    void anIdThatAppearsTwiceIsFoundAtItsNewestPlace() {
        IdWindow window = window(8);
        window.add(7, 7);
        window.addDerived(1);
        window.add(7, 7);
        window.addDerived(1);
        assertEquals(2, window.find(7, 7));
        for (int i = 0; i < 6; i++) {
            window.addDerived(1);
            assertEquals(2, window.find(7, 7), "more=" + i);
        }
        window.addDerived(1);
        assertEquals(-1, window.find(7, 7));
    }

    @Test
    void aDerivedIdIsFoundAsLongAsItsEventIsInTheWindow() {
        IdWindow window = window(4);
        window.startAt(100);
        assertEquals(-1, find(window, derived(100)), "not there yet");
        window.addDerived(1);
        assertEquals(100, find(window, derived(100)));
        for (int i = 0; i < 3; i++) {
            window.addDerived(1);
        }
        assertEquals(100, find(window, derived(100)));
        window.addDerived(1);
        assertEquals(-1, find(window, derived(100)));
        assertEquals(101, find(window, derived(101)));
        assertEquals(104, find(window, derived(104)));
        assertEquals(-1, find(window, derived(105)));
    }

    @Test
    void theDerivedIdOfAnEventThatCameWithOneIsNobodys() {
        IdWindow window = window(4);
        window.addDerived(1);
        window.add(5, 5);
        assertEquals(0, find(window, derived(0)));
        assertEquals(-1, find(window, derived(1)));
    }

    @Test
    void anIdThatWasDerivedElsewhereIsFoundWhereItWasGiven() {
        IdWindow window = window(8);
        add(window, derived(5));
        window.addDerived(1);
        assertEquals(0, find(window, derived(5)));
    }

    @Test
    void theIdOfALostEventIsNotItsSuccessors() {
        IdWindow window = new IdWindow(64, derived, EPOCH, 20);
        window.startAt(10);
        for (int i = 0; i < 20; i++) {
            window.addDerived(1);
        }
        assertEquals(15, window.find(derived.high(15), derived.low(EPOCH - 1)), "of the epoch before");
        assertEquals(19, window.find(derived.high(19), derived.low(EPOCH - 1)), "the last one of the epoch before");
        assertEquals(-1, window.find(derived.high(20), derived.low(EPOCH - 1)), "its position was given out again");
        assertEquals(20, window.find(derived.high(20), derived.low(EPOCH)));
        assertEquals(-1, window.find(derived.high(25), derived.low(EPOCH + 1)));
    }
}
