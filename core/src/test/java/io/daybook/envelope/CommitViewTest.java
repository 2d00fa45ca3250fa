package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NewEvent;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Guarantee 8, damage is found: at the level of a commit's bytes. */
class CommitViewTest {

    private final byte[] bytes = EncodedCommit.small();

    private static boolean isWhole(byte[] bytes) {
        return EncodedCommit.view(bytes, 0, bytes.length).isWhole();
    }

    @Test
    void aCommitThatWasNotChangedIsWhole() {
        assertTrue(isWhole(bytes));
    }

    @Test
    void everySingleBitThatIsFlippedIsFound() {
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
            assertFalse(isWhole(bytes), "bit=" + bit);
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
        }
        assertTrue(isWhole(bytes));
    }

    @Test
    void aReaderFindsEveryFlippedBitButThoseOfTheSumOverSums() {
        int padding = bytes.length;
        while (EncodedCommit.view(bytes, 0, padding - 1).isWhole()) {
            padding--;
        }
        for (int bit = 8 * CommitDescriptor.LAG_OFFSET; bit < 8 * padding; bit++) {
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
            CommitView view = EncodedCommit.view(bytes, 0, bytes.length);
            assertFalse(view.readHeader() && view.eventsAreWhole(), "bit=" + bit);
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
        }
        CommitView view = EncodedCommit.view(bytes, 0, bytes.length);
        assertTrue(view.readHeader() && view.eventsAreWhole());
    }

    @Test
    void everyByteThatIsZeroedIsFound() {
        for (int i = 0; i < bytes.length; i++) {
            byte[] torn = bytes.clone();
            Arrays.fill(torn, i, torn.length, (byte) 0);
            assertEquals(Arrays.equals(torn, bytes), isWhole(torn), "from=" + i);
        }
    }

    @Test
    void everyShorterLengthIsFoundAndReadsNothingOutside() {
        for (int length = 0; length <= bytes.length - CommitDescriptor.ALIGNMENT; length++) {
            assertFalse(isWhole(Arrays.copyOf(bytes, length)), "length=" + length);
        }
    }

    @Test
    void paddingIsLessThanFourZeros() {
        int unpadded = bytes.length;
        while (EncodedCommit.view(bytes, 0, unpadded - 1).isWhole()) {
            unpadded--;
        }
        assertTrue(unpadded < bytes.length, "the sample has padding");
        for (int padding = 0; padding < 6; padding++) {
            byte[] padded = Arrays.copyOf(bytes, unpadded + padding);
            assertEquals(padding < CommitDescriptor.ALIGNMENT, isWhole(padded), "padding=" + padding);
        }
        byte[] dirty = Arrays.copyOf(bytes, unpadded + 1);
        dirty[unpadded] = 1;
        assertFalse(isWhole(dirty));
    }

    @Test
    void anyBytesGiveAnAnswer() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] any = i % 2 == 0 ? EncodedCommit.random(random, random.nextInt(400)) : bytes.clone();
            for (int j = i % 7; j > 0 && any.length > 0; j--) {
                any[random.nextInt(any.length)] = (byte) random.nextInt();
            }
            byte[] damaged = any;
            assertDoesNotThrow(() -> isWhole(damaged), "seed=" + seed);
        }
    }

    @Test
    void aLengthBehindTheEndIsNotFollowed() {
        int lengthOfTheFirst = CommitDescriptor.HEADER_LENGTH + EventDescriptor.LENGTH_OFFSET;
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, EventDescriptor.HEADER_LENGTH - 1, bytes.length,
            bytes.length - CommitDescriptor.HEADER_LENGTH + 1}) {
            buffer.putInt(lengthOfTheFirst, length, CommitDescriptor.ORDER);
            CommitView view = EncodedCommit.view(bytes, 0, bytes.length);
            assertFalse(view.isWhole(), "length=" + length);
            assertEquals(-1, view.eventLength(CommitDescriptor.HEADER_LENGTH, bytes.length), "length=" + length);
        }
        int rest = bytes.length - CommitDescriptor.HEADER_LENGTH;
        buffer.putInt(lengthOfTheFirst, rest, CommitDescriptor.ORDER);
        assertEquals(rest, EncodedCommit.view(bytes, 0, bytes.length).eventLength(CommitDescriptor.HEADER_LENGTH, bytes.length));
    }

    @Test
    void anEventIsAtLeastAsLongAsItsParts() {
        CommitView view = EncodedCommit.view(bytes, 0, bytes.length);
        int first = view.firstEventOffset();
        assertEquals(CommitDescriptor.HEADER_LENGTH, first);
        int least = EventDescriptor.HEADER_LENGTH + "account-42".length() + "Paid".length() + EventDescriptor.ID_LENGTH;
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putInt(first + EventDescriptor.LENGTH_OFFSET, least, CommitDescriptor.ORDER);
        assertEquals(least, view.eventLength(first, bytes.length));
        buffer.putInt(first + EventDescriptor.LENGTH_OFFSET, least - 1, CommitDescriptor.ORDER);
        assertEquals(-1, view.eventLength(first, bytes.length));
        assertEquals(-1, view.eventLength(bytes.length - EventDescriptor.HEADER_LENGTH + 1, bytes.length));
    }

    @Test
    void readsTheHeaderInPlace() {
        byte[] within = new byte[bytes.length + 50];
        Arrays.fill(within, (byte) 0x5A);
        System.arraycopy(bytes, 0, within, 17, bytes.length);
        UnsafeBuffer buffer = new UnsafeBuffer(within);
        CommitView view = new CommitView();
        assertSame(view, view.wrap(buffer, 17, bytes.length));
        assertTrue(view.isWhole());
        assertEquals(1234, view.position());
        assertEquals(1_700_000_000_000_000_000L, view.timeNs());
        assertEquals(3, view.epoch());
        assertEquals(3, view.events());
        assertEquals(1000, view.durablePosition());
        assertEquals(17, view.offset());
        assertEquals(17 + bytes.length, view.endOffset());
        assertEquals(17 + CommitDescriptor.HEADER_LENGTH, view.firstEventOffset());
        assertSame(buffer, view.buffer());
    }

    @Test
    void refusesOtherKindsAndWhatIsTooShortForACommit() {
        int least = CommitDescriptor.HEADER_LENGTH + EventDescriptor.HEADER_LENGTH;
        assertTrue(EncodedCommit.view(bytes, 0, least).readHeader());
        assertFalse(EncodedCommit.view(bytes, 0, least - 1).readHeader());
        bytes[CommitDescriptor.POSITION_OFFSET + 7] = 2;
        assertFalse(EncodedCommit.view(bytes, 0, bytes.length).readHeader());
    }

    @Test
    void aLagThatIsNotKnownSaysNothing() {
        assertEquals(0, durable(5, -1 & CommitDescriptor.LAG_UNKNOWN));
        assertEquals(5, durable(5, 0));
        assertEquals(0, durable(5, 5));
        assertEquals(0, durable(5, 6));
        assertEquals(1L << 40, durable((1L << 40) + 77, 77));
        assertEquals((1L << 40) - CommitDescriptor.LAG_UNKNOWN + 1, durable(1L << 40, CommitDescriptor.LAG_UNKNOWN - 1));
    }

    private long durable(long position, long lag) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putLong(CommitDescriptor.POSITION_OFFSET, CommitDescriptor.positionWord(position), CommitDescriptor.ORDER);
        buffer.putInt(CommitDescriptor.LAG_OFFSET, (int) lag, CommitDescriptor.ORDER);
        CommitView view = EncodedCommit.view(bytes, 0, bytes.length);
        assertTrue(view.readHeader());
        assertEquals(position, view.position());
        return view.durablePosition();
    }

    @Test
    void oneEventIsCheckedWithoutItsSiblings() {
        CommitView view = EncodedCommit.view(bytes, 0, bytes.length);
        assertTrue(view.readHeader());
        int sum = view.sumHeader();
        int second = view.firstEventOffset() + view.eventLength(view.firstEventOffset(), bytes.length);
        int length = view.eventLength(second, bytes.length);
        assertTrue(view.eventIsWhole(second, length));
        bytes[view.firstEventOffset() + EventDescriptor.HEADER_LENGTH] ^= 1;
        assertTrue(view.eventIsWhole(second, length), "its neighbour's damage is not its own");
        bytes[CommitDescriptor.TIME_OFFSET] ^= 1;
        assertNotEquals(sum, view.sumHeader());
        assertFalse(view.eventIsWhole(second, length), "the commit's time belongs to it");
    }

    @Test
    void eventsThatChangedPlacesAreFound() {
        CommitEncoder encoder = EncodedCommit.encoder();
        EncodedCommit.add(encoder, "a", NewEvent.json("T", "1"));
        EncodedCommit.add(encoder, "b", NewEvent.json("T", "2"));
        EncodedCommit.sealed(encoder);
        byte[] swapped = Arrays.copyOf(encoder.bytes(), encoder.paddedLength());
        int length = encoder.eventLength(0);
        System.arraycopy(encoder.bytes(), encoder.offset(0), swapped, encoder.offset(1), length);
        System.arraycopy(encoder.bytes(), encoder.offset(1), swapped, encoder.offset(0), length);
        assertFalse(isWhole(swapped));
    }
}
