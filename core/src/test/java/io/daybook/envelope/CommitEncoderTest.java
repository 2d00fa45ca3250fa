package io.daybook.envelope;

import static io.daybook.envelope.CommitDescriptor.ORDER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

class CommitEncoderTest {

    private static final byte[] NONE = {};

    private record Given(String entity, NewEvent event) {
    }

    private static CommitEncoder encode(List<Given> events) {
        CommitEncoder encoder = EncodedCommit.encoder();
        events.forEach(given -> EncodedCommit.add(encoder, given.entity, given.event));
        return EncodedCommit.sealed(encoder);
    }

    /** Reads every field by the drawn layout, not by the encoder's own accessors. */
    private static void assertHolds(CommitEncoder encoder, List<Given> events, String message) {
        CommitView view = EncodedCommit.view(encoder);
        assertTrue(view.isWhole(), message);
        assertEquals(events.size(), view.events(), message);
        assertEquals(events.size(), encoder.events(), message);
        assertEquals(0, encoder.paddedLength() % CommitDescriptor.ALIGNMENT, message);
        int offset = view.firstEventOffset();
        for (int i = 0; i < events.size(); i++) {
            Given given = events.get(i);
            assertEquals(offset, encoder.offset(i), message);
            int length = view.eventLength(offset, view.endOffset());
            assertEquals(length, encoder.eventLength(i), message);
            assertEvent(view.buffer(), offset, length, given, message);
            DirectBuffer buffer = view.buffer();
            long place = buffer.getLong(offset + EventDescriptor.PLACE_OFFSET, ORDER);
            assertEquals(i, EventDescriptor.index(place), message);
            assertEquals(offset, EventDescriptor.distance(place), message);
            long version = buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER);
            assertEquals(40 + i, EventDescriptor.version(version), message);
            assertEquals(Address.of(1, 1000 + i), buffer.getLong(offset + EventDescriptor.PREVIOUS_OFFSET, ORDER), message);
            assertEquals(Address.of(1, 500 + i), buffer.getLong(offset + EventDescriptor.SKIP_OFFSET, ORDER), message);
            UUID id = given.event.id();
            assertEquals(id != null, encoder.idGiven(i), message);
            if (id != null) {
                assertEquals(id, new UUID(encoder.idHigh(i), encoder.idLow(i)), message);
            }
            offset += length;
        }
        assertEquals(encoder.paddedLength(), CommitDescriptor.aligned(offset), message);
    }

    private static void assertEvent(DirectBuffer buffer, int offset, int length, Given given, String message) {
        NewEvent event = given.event;
        byte[] name = given.entity.getBytes(StandardCharsets.UTF_8);
        byte[] type = event.type().getBytes(StandardCharsets.UTF_8);
        long version = buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER);
        assertEquals(event.schemaVersion(), EventDescriptor.schemaVersion(version), message);
        assertEquals(type.length, EventDescriptor.typeLength(version), message);
        long place = buffer.getLong(offset + EventDescriptor.PLACE_OFFSET, ORDER);
        assertEquals(event.metadata().length, EventDescriptor.metadataLength(place), message);
        short field = buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER);
        assertEquals(name.length, EventDescriptor.nameLength(field), message);
        assertEquals(event.id() != null, EventDescriptor.idGiven(field), message);
        int at = offset + EventDescriptor.HEADER_LENGTH;
        for (byte[] part : new byte[][] {name, type, event.metadata(), event.payload()}) {
            byte[] found = new byte[part.length];
            buffer.getBytes(at, found);
            assertArrayEquals(part, found, message);
            at += part.length;
        }
        if (event.id() != null) {
            assertEquals(event.id(), new UUID(buffer.getLong(at, ORDER), buffer.getLong(at + 8, ORDER)), message);
            at += EventDescriptor.ID_LENGTH;
        }
        assertEquals(offset + length, at, message);
    }

    @Test
    void everyCommitComesBackAsItWasGiven() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            List<Given> events = new ArrayList<>();
            for (int j = random.nextInt(12); j >= 0; j--) {
                UUID id = random.nextBoolean() ? new UUID(random.nextLong(), random.nextLong()) : null;
                events.add(new Given("entity-" + "\u00e9".repeat(random.nextInt(20)), new NewEvent(id, "Type" + j, random.nextInt(0x1_0000),
                        EncodedCommit.random(random, random.nextInt(60)), EncodedCommit.random(random, random.nextInt(900)))));
            }
            assertHolds(encode(events), events, "seed=" + seed);
        }
    }

    @Test
    void everyPartAtItsLimit() {
        Random random = new Random(1);
        NewEvent largest = new NewEvent(new UUID(-1, -1), "\u00e9".repeat(127) + "t", StoreSettings.MAX_SCHEMA_VERSION,
                EncodedCommit.random(random, StoreSettings.MAX_METADATA_BYTES), EncodedCommit.random(random, 1 << 20));
        NewEvent smallest = new NewEvent(null, "t", 0, NONE, NONE);
        List<Given> events = List.of(new Given("e".repeat(512), largest), new Given("e", smallest), new Given("e".repeat(512), largest));
        assertHolds(encode(events), events, "limits");
    }

    @Test
    void asManyEventsAsACommitTakes() {
        CommitEncoder encoder = EncodedCommit.encoder();
        byte[] name = {'e'};
        NewEvent event = NewEvent.of("t", NONE);
        for (int i = 0; i < StoreSettings.MAX_COMMIT_EVENTS; i++) {
            encoder.add(name, 0, 1, event);
        }
        assertMessage("limit=65536", () -> encoder.add(name, 0, 1, event));
        assertMessage("limit=65536", () -> encoder.claim(name, 0, 1, "t", 0));
        assertEquals(StoreSettings.MAX_COMMIT_EVENTS, encoder.events());
        CommitView view = EncodedCommit.view(EncodedCommit.sealed(encoder));
        assertTrue(view.isWhole());
        assertEquals(StoreSettings.MAX_COMMIT_EVENTS, view.events());
    }

    @Test
    void asManyBytesAsACommitTakes() {
        CommitEncoder encoder = new CommitEncoder(StoreSettings.MAX_PAYLOAD_BYTES);
        encoder.begin();
        byte[] name = {'e'};
        int envelope = EventDescriptor.HEADER_LENGTH + 2;
        byte[] payload = new byte[StoreSettings.MAX_PAYLOAD_BYTES - envelope];
        for (int i = 0; i < 3; i++) {
            encoder.add(name, 0, 1, NewEvent.of("t", payload));
        }
        int left = StoreSettings.MAX_COMMIT_BYTES - CommitDescriptor.HEADER_LENGTH - 3 * StoreSettings.MAX_PAYLOAD_BYTES - envelope;
        assertMessage("limitBytes=" + StoreSettings.MAX_COMMIT_BYTES, () -> encoder.add(name, 0, 1, NewEvent.of("t", new byte[left + 1])));
        NewEvent named = NewEvent.of("x", new byte[left]).withId(new UUID(1, 2));
        assertMessage("limitBytes=" + StoreSettings.MAX_COMMIT_BYTES, () -> encoder.add(name, 0, 1, named));
        assertEquals(3, encoder.events());
        assertEquals(0, encoder.idsGiven());
        encoder.add(new byte[] {'e', 'e'}, 0, 2, NewEvent.of("x", new byte[left - 1]));
        assertEquals('x', encoder.buffer().getByte(encoder.offset(3) + EventDescriptor.HEADER_LENGTH + 2), "not what the refused one left");
        EncodedCommit.sealed(encoder);
        assertEquals(StoreSettings.MAX_COMMIT_BYTES, encoder.paddedLength());
        assertTrue(EncodedCommit.view(encoder).isWhole());
    }

    @Test
    void whatIsOverALimitLeavesTheCommitAsItWas() {
        CommitEncoder encoder = EncodedCommit.encoder();
        List<Given> events = List.of(new Given("first", NewEvent.json("T", "1")), new Given("second", NewEvent.json("T", "2")));
        EncodedCommit.add(encoder, "first", events.get(0).event);
        assertMessage("lengthBytes=65537 limitBytes=65536",
                () -> EncodedCommit.add(encoder, "e", NewEvent.json("T", "").withMetadata(new byte[StoreSettings.MAX_METADATA_BYTES + 1])));
        assertMessage("lengthBytes=1048577 limitBytes=1048576",
                () -> EncodedCommit.add(encoder, "e", NewEvent.of("T", new byte[(1 << 20) + 1])));
        assertMessage("schemaVersion=65536 most=65535",
                () -> EncodedCommit.add(encoder, "e", NewEvent.json("T", "").withSchemaVersion(65_536)));
        assertMessage("schemaVersion=-1", () -> EncodedCommit.add(encoder, "e", NewEvent.json("T", "").withSchemaVersion(-1)));
        assertMessage("what=type", () -> EncodedCommit.add(encoder, "e", NewEvent.json("t".repeat(256), "")));
        assertMessage("what=type", () -> EncodedCommit.add(encoder, "e", NewEvent.json("", "")));
        assertMessage("lengthBytes=1048577", () -> encoder.claim(NONE, 0, 0, "T", (1 << 20) + 1));
        assertMessage("lengthBytes=-1", () -> encoder.claim(NONE, 0, 0, "T", -1));
        EncodedCommit.add(encoder, "second", events.get(1).event);
        assertHolds(EncodedCommit.sealed(encoder), events, "after refusals");
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable refused) {
        String message = assertThrows(IllegalArgumentException.class, refused).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void aClaimIsTheSameAsAnEventWithoutMetadata() {
        byte[] name = "<<account-1".getBytes(StandardCharsets.UTF_8);
        byte[] payload = EncodedCommit.random(new Random(3), 77);
        for (UUID id : new UUID[] {null, new UUID(3, 4)}) {
            CommitEncoder encoder = EncodedCommit.encoder();
            MutableDirectBuffer claimed = encoder.claim(name, 2, name.length - 2, "T\u00e9", payload.length);
            assertEquals(payload.length, claimed.capacity());
            claimed.putBytes(0, payload);
            if (id != null) {
                encoder.claimId(9, 9);
                encoder.claimId(id.getMostSignificantBits(), id.getLeastSignificantBits());
            }
            assertEquals(0, encoder.events());
            encoder.closeClaim();
            List<Given> events = List.of(new Given("account-1", new NewEvent(id, "T\u00e9", 0, NONE, payload)));
            assertHolds(EncodedCommit.sealed(encoder), events, "id=" + id);
        }
    }

    /** The bytes of a type are taken from the event before if it is the same object. */
    @Test
    void typesAreToldWhateverObjectsTheyAre() {
        String once = "Paid";
        List<Given> events = new ArrayList<>();
        for (String type : List.of(once, once, new String("Paid"), "P\u00e4id", once, "Other", once, once)) {
            events.add(new Given("entity-" + events.size() % 2, NewEvent.of(type, new byte[events.size() * 1000])));
        }
        assertHolds(encode(events), events, "memory grows in between, too");
        CommitEncoder encoder = new CommitEncoder(1 << 16);
        for (int round = 0; round < 2; round++) {
            encoder.begin();
            encoder.add(new byte[] {'e'}, 0, 1, NewEvent.of(round == 0 ? once : "Sent", new byte[3]));
        }
        encoder.begin();
        encoder.add(new byte[] {'e'}, 0, 1, NewEvent.of(once, new byte[3]));
        EncodedCommit.sealed(encoder);
        assertHolds(encoder, List.of(new Given("e", NewEvent.of(once, new byte[3]))), "nothing is taken from another commit");
    }

    @Test
    void idsThatWereGivenAreCounted() {
        CommitEncoder encoder = encode(List.of(new Given("a", NewEvent.of("T", NONE)),
                new Given("a", NewEvent.of("T", NONE).withId(new UUID(1, 2)))));
        assertEquals(1, encoder.idsGiven());
        encoder.begin();
        assertEquals(0, encoder.idsGiven());
        encoder.claim(new byte[] {'e'}, 0, 1, "T", 0);
        encoder.claimId(1, 2);
        encoder.closeClaim();
        assertEquals(1, encoder.idsGiven());
    }

    @Test
    void anIdOfAnEarlierClaimIsForgotten() {
        CommitEncoder encoder = EncodedCommit.encoder();
        encoder.claim(new byte[] {'a'}, 0, 1, "T", 4);
        encoder.claimId(1, 2);
        encoder.closeClaim();
        encoder.begin();
        encoder.claim(new byte[] {'a'}, 0, 1, "T", 4).putInt(0, 0);
        encoder.closeClaim();
        assertHolds(EncodedCommit.sealed(encoder), List.of(new Given("a", NewEvent.of("T", new byte[4]))), "second claim");
    }

    @Test
    void theHeaderSaysHowFarTheJournalWasForced() {
        CommitEncoder encoder = encode(List.of(new Given("e", NewEvent.json("T", "1"))));
        encoder.head(CommitDescriptor.MAX_POSITION, Long.MIN_VALUE, CommitDescriptor.MAX_EPOCH, CommitDescriptor.MAX_POSITION - 5);
        encoder.seal();
        CommitView view = EncodedCommit.view(encoder);
        assertTrue(view.isWhole());
        assertEquals(CommitDescriptor.MAX_POSITION, view.position());
        assertEquals(Long.MIN_VALUE, view.timeNs());
        assertEquals(CommitDescriptor.MAX_EPOCH, view.epoch());
        assertEquals(CommitDescriptor.MAX_POSITION - 5, view.durablePosition());
        encoder.head(1L << 40, 0, 1, 0);
        encoder.seal();
        assertTrue(view.isWhole());
        assertEquals(0, view.durablePosition(), "a lag that does not fit is not known");
    }

    @Test
    void aVersionIsStampedOverWithoutItsNeighbours() {
        CommitEncoder encoder = encode(List.of(new Given("e", NewEvent.json("Type", "1").withSchemaVersion(0xFFFF))));
        encoder.stamp(0, EventDescriptor.MAX_VERSION, -1, -1);
        encoder.stamp(0, 5, 0, 0);
        long word = encoder.buffer().getLong(encoder.offset(0) + EventDescriptor.VERSION_OFFSET, ORDER);
        assertEquals(EventDescriptor.versionWord(5, 0xFFFF, 4), word);
    }

    @Test
    void isUsedAgainWithoutATraceOfTheCommitBefore() {
        CommitEncoder encoder = EncodedCommit.encoder();
        byte[] fresh = EncodedCommit.small();
        byte[] payload = EncodedCommit.random(new Random(2), 3000);
        EncodedCommit.add(encoder, "x".repeat(300), NewEvent.of("Long", payload).withId(new UUID(-1, -1)));
        EncodedCommit.sealed(encoder);
        encoder.begin();
        EncodedCommit.add(encoder, "account-42", NewEvent.json("Paid", "{\"cents\":1}").withId(new UUID(0x1122334455667788L, -2)));
        EncodedCommit.add(encoder, "b", new NewEvent(null, "T", 7, new byte[] {1, 2, 3}, NONE));
        EncodedCommit.add(encoder, "account-42", NewEvent.of("Sent", new byte[] {9}));
        EncodedCommit.sealed(encoder);
        assertArrayEquals(fresh, Arrays.copyOf(encoder.bytes(), encoder.paddedLength()));
    }

    @Test
    void givesBackMemoryThatOnlyOneCommitNeeded() {
        CommitEncoder encoder = EncodedCommit.encoder();
        for (int i = 0; i < 5; i++) {
            EncodedCommit.add(encoder, "e", NewEvent.of("T", new byte[1 << 20]));
        }
        assertTrue(encoder.bytes().length > 5 << 20);
        encoder.begin();
        assertEquals(4096, encoder.bytes().length);
        EncodedCommit.add(encoder, "e", NewEvent.of("T", new byte[1 << 20]));
        byte[] kept = encoder.bytes();
        encoder.begin();
        assertSame(kept, encoder.bytes(), "what is needed often is kept");
        assertSame(kept, encoder.buffer().byteArray());
        assertFalse(EncodedCommit.view(encoder).readHeader());
    }
}
