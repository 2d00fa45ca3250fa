package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DerivedIdTest {

    private static final UUID JOURNAL = UUID.fromString("0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f5");

    private final DerivedId derived = new DerivedId(JOURNAL);

    @Test
    void isAUuidOfVersion8AndVariant2() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            UUID id = new UUID(derived.high(random.nextLong() & CommitDescriptor.MAX_POSITION), derived.low(random.nextInt(0x1_0000)));
            assertEquals(8, id.version(), "seed=" + seed + " id=" + id);
            assertEquals(2, id.variant(), "seed=" + seed + " id=" + id);
        }
    }

    @Test
    void spellsOutItsPosition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long position = i < 1000 ? i : (random.nextLong() & CommitDescriptor.MAX_POSITION) >>> random.nextInt(56);
            long found = derived.positionOf(derived.high(position), derived.low(random.nextInt(0x1_0000)));
            assertEquals(position, found, "seed=" + seed);
        }
        assertEquals(CommitDescriptor.MAX_POSITION, derived.positionOf(derived.high(CommitDescriptor.MAX_POSITION), derived.low(0xFFFF)));
    }

    @Test
    void noTwoEventsShareOne() {
        Set<UUID> ids = new HashSet<>();
        DerivedId other = new DerivedId(UUID.fromString("0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f6"));
        for (int epoch = 1; epoch <= 4; epoch++) {
            for (long position = 0; position < 2000; position++) {
                assertTrue(ids.add(new UUID(derived.high(position), derived.low(epoch))), "epoch=" + epoch + " position=" + position);
                assertTrue(ids.add(new UUID(other.high(position), other.low(epoch))), "epoch=" + epoch + " position=" + position);
            }
        }
    }

    @Test
    void foreignIdsHaveNoPosition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            assertEquals(-1, derived.positionOf(id.getMostSignificantBits(), id.getLeastSignificantBits()), "seed=" + seed + " id=" + id);
        }
        assertEquals(-1, derived.positionOf(0, 0));
        assertEquals(-1, derived.positionOf(-1, -1));
        assertEquals(-1, derived.positionOf(JOURNAL.getMostSignificantBits(), JOURNAL.getLeastSignificantBits()));
    }

    @Test
    void anyOtherBitOfTheTagMakesItForeign() {
        long high = derived.high(0x123_4567_89ABL);
        long low = derived.low(7);
        for (int bit = 0; bit < 64; bit++) {
            boolean positionBit = bit >= 16 || bit >= 4 && bit < 12;
            long found = derived.positionOf(high ^ 1L << bit, low);
            assertEquals(!positionBit, found == -1, "bit of the high half=" + bit);
            assertNotEquals(0x123_4567_89ABL, found);
            boolean epochBit = bit < 16;
            assertEquals(epochBit ? 0x123_4567_89ABL : -1, derived.positionOf(high, low ^ 1L << bit), "bit of the low half=" + bit);
        }
    }

    @Test
    void theFormIsTheOneThatIsDrawn() {
        assertEquals(0xABCDEF_012345L << 16 | 0x8000 | 0x67 << 4 | 0x8, derived.high(0xAB_CDEF_0123_4567L));
        assertEquals(0x8695_A4B3_C2D1_E0F5L << 16 & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L | 9, derived.low(9));
    }
}
