package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitEncoder;
import io.daybook.envelope.CommitView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.concurrent.UnsafeBuffer;

/** An index in a folder, fed with events at made-up addresses, and what it must answer. */
final class SampleIndex {

    static final UUID JOURNAL = new UUID(1, 2);
    static final UUID THIS_BOOT = new UUID(3, 4);
    static final UUID OTHER_BOOT = new UUID(5, 6);
    static final int EVENT_BYTES = 100;

    final Path folder;
    final ReentrantLock lock = new ReentrantLock();
    final Map<String, long[]> expected = new HashMap<>();
    EntityHash hash = IndexSettings.hash(7, 8);
    UUID bootId = THIS_BOOT;
    UUID identity = JOURNAL;
    long tableBytes;
    long capacity = 64;
    long headsFileEvents = Long.MAX_VALUE;
    EntityIndex index;
    long position;

    SampleIndex(Path folder) {
        this.folder = folder;
    }

    IndexSettings settings() {
        return new IndexSettings(folder, identity, bootId, hash, tableBytes, capacity, 1 << 18, headsFileEvents, Thread::new);
    }

    SampleIndex open() throws IOException {
        return open(true);
    }

    SampleIndex open(boolean trusted) throws IOException {
        index = IndexDisk.open(settings(), trusted, lock);
        return this;
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** An empty head of this name. */
    long[] prepared(String name) {
        long[] head = new long[Head.WORDS];
        byte[] bytes = bytes(name);
        index.prepare(bytes, 0, bytes.length, head, 0);
        return head;
    }

    long version(String name) {
        long[] head = prepared(name);
        index.find(head, 0);
        return Head.version(head, 0);
    }

    static long address(long position) {
        return Address.of(0, 256 + EVENT_BYTES * position);
    }

    /** Where an event's data begins that this index gets at a position. */
    static long dataAddress(long position) {
        return address(position) + Integer.BYTES;
    }

    /** The next event of an entity, as an append brings it. */
    void append(String name) {
        long[] head = prepared(name);
        long token = index.token(head, 0);
        index.find(head, 0);
        lock.lock();
        try {
            assertTrue(index.findLocked(head, 0, token));
            assertHead(name, head);
            boolean isNew = Head.version(head, 0) < 0;
            Head.add(head, 0, dataAddress(position));
            index.put(head, 0, isNew);
            index.applied(position, 1, position, address(position), address(position + 1));
        } finally {
            lock.unlock();
        }
        Head.add(expected.computeIfAbsent(name, this::prepared), 0, dataAddress(position));
        position++;
    }

    void appendEach(int entities, int events) {
        for (int event = 0; event < events; event++) {
            for (int i = 0; i < entities; i++) {
                append("account-" + i);
            }
        }
    }

    private void assertHead(String name, long[] found) {
        long[] wanted = expected.get(name);
        assertEquals(wanted == null ? -1 : Head.version(wanted, 0), Head.version(found, 0), "entity=" + name);
        if (wanted != null) {
            assertArrayEquals(words(wanted), words(found), "entity=" + name);
        }
    }

    private static long[] words(long[] head) {
        long[] words = Arrays.copyOfRange(head, Head.META, Head.WORDS);
        words[0] = Head.stored(words[0]);
        return words;
    }

    /** Everything that was appended is found, and nothing else. */
    void assertComplete() {
        for (String name : expected.keySet()) {
            long[] found = prepared(name);
            index.find(found, 0);
            assertHead(name, found);
        }
        assertEquals(-1, version("nobody-1"));
        assertEquals(expected.size(), index.entities());
    }

    /** What the journal holds from this position on, given to the index as the replay at open does. */
    void replay(String... names) {
        lock.lock();
        try {
            long at = index.replayPosition();
            Map<String, long[]> heads = new HashMap<>();
            for (int i = 0; i < names.length; i++) {
                long[] head = heads.computeIfAbsent(names[i], this::prepared);
                if (i >= at) {
                    index.replay(commit(i, head, names[i]), dataAddress(i), address(i + 1));
                }
                Head.add(head, 0, dataAddress(i) + CommitDescriptor.HEADER_LENGTH);
                expected.put(names[i], head);
            }
            index.endReplay();
            position = names.length;
        } finally {
            lock.unlock();
        }
    }

    /** A commit of one event that follows the head. */
    static CommitView commit(long position, long[] head, String name) {
        CommitEncoder encoder = new CommitEncoder(1 << 20);
        encoder.begin();
        byte[] bytes = bytes(name);
        encoder.add(bytes, 0, bytes.length, NewEvent.json("T", "1"));
        encoder.stamp(0, Head.version(head, 0) + 1, Head.newest(head, 0), 0);
        return view(encoder, position);
    }

    static CommitView view(CommitEncoder encoder, long position) {
        encoder.head(position, position, 1, 0);
        encoder.seal();
        byte[] bytes = encoder.bytes();
        CommitView view = new CommitView().wrap(new UnsafeBuffer(bytes), 0, encoder.paddedLength());
        assertTrue(view.isWhole());
        return view;
    }
}
