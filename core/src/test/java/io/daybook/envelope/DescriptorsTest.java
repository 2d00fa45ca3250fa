package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.StoreSettings;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packed fields keep what was put in, also at their extremes, and never disturb their neighbours. */
class DescriptorsTest {

    @Test
    void theVersionWordHoldsThreeFields() {
        long[] versions = {0, 1, 0xFF_FFFFL, EventDescriptor.MAX_VERSION - 1, EventDescriptor.MAX_VERSION};
        int[] schemas = {0, 1, 0x8000, StoreSettings.MAX_SCHEMA_VERSION};
        int[] types = {0, 1, 127, 128, StoreSettings.MAX_TYPE_BYTES};
        for (long version : versions) {
            for (int schema : schemas) {
                for (int type : types) {
                    long word = EventDescriptor.versionWord(version, schema, type);
                    assertEquals(version, EventDescriptor.version(word));
                    assertEquals(schema, EventDescriptor.schemaVersion(word));
                    assertEquals(type, EventDescriptor.typeLength(word));
                }
            }
        }
    }

    @Test
    void thePlaceWordHoldsThreeFields() {
        int[] distances = {0, 28, 0x7FF_FFFF, StoreSettings.MAX_COMMIT_BYTES, 0xFFF_FFFF};
        int[] indexes = {0, 1, 0x7FFF, 0x8000, StoreSettings.MAX_COMMIT_EVENTS - 1};
        int[] metadata = {0, 1, 0xFFFF, StoreSettings.MAX_METADATA_BYTES, 0xF_FFFF};
        for (int distance : distances) {
            for (int index : indexes) {
                for (int length : metadata) {
                    long word = EventDescriptor.placeWord(distance, index, length);
                    assertEquals(distance, EventDescriptor.distance(word));
                    assertEquals(index, EventDescriptor.index(word));
                    assertEquals(length, EventDescriptor.metadataLength(word));
                }
            }
        }
    }

    @Test
    void theNameFieldHoldsLengthAndFlag() {
        for (int length : new int[] {0, 1, 255, StoreSettings.MAX_ENTITY_BYTES, 1023}) {
            short with = EventDescriptor.nameField(length, true);
            short without = EventDescriptor.nameField(length, false);
            assertEquals(length, EventDescriptor.nameLength(with));
            assertEquals(length, EventDescriptor.nameLength(without));
            assertTrue(EventDescriptor.idGiven(with));
            assertFalse(EventDescriptor.idGiven(without));
        }
    }

    @Test
    void thePositionWordHoldsKindAndPosition() {
        for (long position : new long[] {0, 1, 0xFFFF_FFFFL, CommitDescriptor.MAX_POSITION}) {
            long word = CommitDescriptor.positionWord(position);
            assertEquals(position, CommitDescriptor.position(word));
            assertEquals(CommitDescriptor.KIND_EVENTS, CommitDescriptor.kind(word));
        }
        assertEquals(255, CommitDescriptor.kind(-1));
        assertEquals(0, CommitDescriptor.kind(CommitDescriptor.MAX_POSITION));
    }

    @Test
    void lengthsAreRoundedUpToAMultipleOfFour() {
        assertEquals(0, CommitDescriptor.aligned(0));
        assertEquals(4, CommitDescriptor.aligned(1));
        assertEquals(4, CommitDescriptor.aligned(4));
        assertEquals(8, CommitDescriptor.aligned(5));
        assertEquals(StoreSettings.MAX_COMMIT_BYTES, CommitDescriptor.aligned(StoreSettings.MAX_COMMIT_BYTES - 3));
    }

    @Test
    void anAddressHoldsCycleAndOffset() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            int cycle = random.nextInt(Address.MAX_CYCLE + 1);
            long offset = random.nextLong() & (1L << 40) - 1;
            long address = Address.of(cycle, offset);
            assertTrue(address >= 0, "seed=" + seed);
            assertEquals(cycle, Address.cycle(address), "seed=" + seed);
            assertEquals(offset, Address.offset(address), "seed=" + seed);
        }
        assertEquals((1L << 40) - 1, Address.offset(Address.of(Address.MAX_CYCLE, (1L << 40) - 1)));
        assertEquals(Address.MAX_CYCLE, Address.cycle(Address.of(Address.MAX_CYCLE, (1L << 40) - 1)));
        assertTrue(Address.of(3, (1L << 40) - 1) < Address.of(4, 0));
    }

    @Test
    void theEnvelopeIsAsSmallAsPromised() {
        int chroniclesHeader = 4;
        int padding = CommitDescriptor.ALIGNMENT - 1;
        int event = EventDescriptor.HEADER_LENGTH + EventDescriptor.ID_LENGTH;
        assertEquals(93, chroniclesHeader + CommitDescriptor.HEADER_LENGTH + event + padding);
    }
}
