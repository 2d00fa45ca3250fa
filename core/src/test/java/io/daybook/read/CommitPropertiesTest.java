package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.TrueSums;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.DerivedId;
import io.daybook.envelope.EventDescriptor;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Guarantee 8, as properties of the format: what was put into a commit comes out, nothing else is ever taken for a whole commit, and no
 * bytes at all make the reader do anything but refuse them. How many are tried is set by jqwik.tries.default.
 */
class CommitPropertiesTest {

    private static final DerivedId DERIVED = new DerivedId(new UUID(3, 4));

    @Provide
    Arbitrary<InventedCommit> commits() {
        return InventedCommit.any();
    }

    private static CommitView view(byte[] bytes, int length) {
        return new CommitView().wrap(new UnsafeBuffer(bytes), 0, length);
    }

    @Property(shrinking = ShrinkingMode.BOUNDED)
    void whatWasPutInComesOut(@ForAll("commits") InventedCommit invented) {
        byte[] bytes = invented.encoded();
        CommitView commit = view(bytes, bytes.length);
        assertTrue(commit.isWhole());
        assertEquals(invented.position(), commit.position());
        assertEquals(invented.timeNs(), commit.timeNs());
        assertEquals(invented.epoch(), commit.epoch());
        assertEquals(invented.events().size(), commit.events());
        long durable = invented.position() - invented.lag();
        assertEquals(invented.lag() < CommitDescriptor.LAG_UNKNOWN ? durable : 0, commit.durablePosition());
        VisibleEvent visible = new VisibleEvent(DERIVED);
        visible.commit(commit.position(), commit.events(), commit.timeNs(), commit.epoch());
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int offset = commit.firstEventOffset();
        for (int i = 0; i < commit.events(); i++) {
            visible.show(buffer, offset);
            assertSame(invented.events().get(i), visible.copy());
            assertEquals(invented.position() + i, visible.position());
            assertEquals(invented.events().get(i).previous(), buffer.getLong(offset + EventDescriptor.PREVIOUS_OFFSET));
            assertEquals(invented.events().get(i).skip(), buffer.getLong(offset + EventDescriptor.SKIP_OFFSET));
            offset += buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET);
        }
    }

    private static void assertSame(InventedCommit.Event put, RecordedEvent read) {
        NewEvent event = put.event();
        assertEquals(put.entity(), read.entity());
        assertEquals(put.version(), read.version());
        assertEquals(event.type(), read.type());
        assertEquals(event.schemaVersion(), read.schemaVersion());
        assertArrayEquals(event.metadata(), read.metadata());
        assertArrayEquals(event.payload(), read.payload());
        if (event.id() != null) {
            assertEquals(event.id(), read.id());
        } else {
            assertEquals(8, read.id().version(), "derived");
        }
    }

    /** Some bytes changed, some moved, some cut off or put in: it is the same commit to the last bit or none. */
    @Property(shrinking = ShrinkingMode.BOUNDED)
    void aChangedCommitIsNeverAccepted(@ForAll("commits") InventedCommit invented, @ForAll long seed) {
        byte[] bytes = invented.encoded();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            byte[] changed = changed(bytes, random);
            boolean same = Arrays.equals(bytes, changed);
            CommitView commit = view(changed, changed.length);
            assertEquals(same, commit.isWhole(), () -> "seed=" + seed);
            boolean sumAndPaddingOnly = same || !(commit.readHeader() && commit.eventsAreWhole())
                || Arrays.mismatch(bytes, 4, bytes.length - 3, changed, 4, Math.max(4, changed.length - 3)) < 0
                || changed.length >= bytes.length && Arrays.mismatch(bytes, 4, bytes.length - 3, changed, 4, bytes.length - 3) < 0;
            assertTrue(sumAndPaddingOnly, () -> "what a reader is shown is what was written: seed=" + seed);
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                for (int i = 0; i < 1 + random.nextInt(8); i++) {
                    changed[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> Arrays.fill(changed, at, Math.min(bytes.length, at + 1 + random.nextInt(600)), (byte) 0);
            case 3 -> System.arraycopy(bytes, at, changed, random.nextInt(bytes.length - Math.min(bytes.length - at, 40) + 1),
                Math.min(bytes.length - at, 40));
            default -> changed = Arrays.copyOf(bytes, Math.max(0, at + 4 * (random.nextInt(9) - 4) & -4));
        }
        return changed;
    }

    @Property
    void bytesOfChanceAreRefusedAndNothingElse(@ForAll byte[] bytes, @ForAll long seed) {
        byte[] likeACommit = bytes.clone();
        Random random = new Random(seed);
        if (likeACommit.length > 28) {
            likeACommit[15] = CommitDescriptor.KIND_EVENTS;
            likeACommit[26] = (byte) random.nextInt(3);
            likeACommit[27] = 0;
        }
        for (byte[] any : new byte[][] {bytes, likeACommit}) {
            assertFalse(view(any, any.length).isWhole());
            CommitView commit = view(any, any.length);
            assertFalse(commit.readHeader() && commit.eventsAreWhole());
        }
    }

    @Provide
    Arbitrary<Long> wild() {
        return Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 56) - 1,
            (1L << 40) - 1, 0x3FFL, 0x8000_0000L, 0x7FFF_FFFFL));
    }

    /** Lengths and counts that an enemy chose, under sums that are right: refused, or an event whose parts all lie inside it. */
    @Property
    void aForgedCommitIsRefusedOrStaysWithinItself(@ForAll("commits") InventedCommit invented, @ForAll("wild") Long wild,
        @ForAll long seed) {
        byte[] bytes = invented.encoded();
        Random random = new Random(seed);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int offset = 28;
        for (int skip = random.nextInt(invented.events().size()); skip > 0; skip--) {
            offset += buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET);
        }
        switch (random.nextInt(6)) {
            case 0 -> buffer.putInt(offset + EventDescriptor.LENGTH_OFFSET, wild.intValue());
            case 1 -> buffer.putLong(offset + EventDescriptor.VERSION_OFFSET, wild);
            case 2 -> buffer.putLong(offset + EventDescriptor.PLACE_OFFSET, wild);
            case 3 -> buffer.putShort(offset + EventDescriptor.NAME_OFFSET, wild.shortValue());
            case 4 -> buffer.putShort(CommitDescriptor.LAST_INDEX_OFFSET, wild.shortValue());
            default -> buffer.putLong(random.nextInt(bytes.length - 8), wild);
        }
        CommitView commit = view(TrueSums.ofCommit(bytes), bytes.length);
        if (!commit.isWhole()) {
            return;
        }
        VisibleEvent visible = new VisibleEvent(DERIVED);
        visible.commit(commit.position(), commit.events(), commit.timeNs(), commit.epoch());
        int at = commit.firstEventOffset();
        for (int i = 0; i < commit.events(); i++) {
            visible.show(buffer, at);
            int length = buffer.getInt(at + EventDescriptor.LENGTH_OFFSET);
            assertTrue(visible.payloadLength() >= 0 && visible.payloadOffset() + visible.payloadLength() <= at + length);
            assertTrue(visible.entityLength() >= 1 && visible.entityLength() <= 512 && visible.typeLength() >= 1
                && visible.metadataLength() <= 65_536, "within the limits of the store");
            assertEquals(visible.payloadLength(), visible.copy().payload().length);
            at += length;
        }
    }
}
