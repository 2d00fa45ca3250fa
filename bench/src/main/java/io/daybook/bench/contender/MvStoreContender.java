package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * H2's MVStore. A map of the events by position, appended to, each telling where its entity's previous event is; a map of the head of each
 * entity, its newest version and where that is. A commit writes a chunk of its own, at least one block of 4 KiB, with the path to the root
 * of each map: that is the price of committing each append, without which nothing of it would survive the process.
 */
final class MvStoreContender implements Contender {

    // An event: version, position of its entity's previous event, length of the name, name, payload. A head: version, position.
    private static final int PREVIOUS_OFFSET = Long.BYTES;
    private static final int NAME_LENGTH_OFFSET = PREVIOUS_OFFSET + Long.BYTES;
    private static final int NAME_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;
    private static final int POSITION_OFFSET = Long.BYTES;
    private static final int HEAD_BYTES = POSITION_OFFSET + Long.BYTES;

    @Override
    public String name() {
        return "h2mvstore";
    }

    @Override
    public String title() {
        return "H2 MVStore";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0, Durability.D2);
    }

    @Override
    public String setup() {
        return "events by position (append), heads by entity; no commits in the background; D0: commit for each append, a chunk of at least"
                + " 4 KiB each; D2: commit and sync";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        Files.createDirectories(folder);
        MVStore store = new MVStore.Builder().fileName(folder.resolve("events.mv").toString()).autoCommitDisabled().open();
        MVMap<Long, byte[]> events = store.openMap("events", new MVMap.Builder<Long, byte[]>().singleWriter()
                .keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
        MVMap<String, byte[]> heads = store.openMap("heads", new MVMap.Builder<String, byte[]>()
                .keyType(StringDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
        return new Log(store, events, heads, durability != Durability.D0);
    }

    /** The lock of this is the write lock: MVStore has transactions only above the maps, in H2 itself. */
    private record Log(MVStore store, MVMap<Long, byte[]> events, MVMap<String, byte[]> heads, boolean forces) implements EventLog {
        @Override
        public Writer writer() {
            return new MvStoreWriter(this);
        }

        @Override
        public Reader reader() {
            return new MvStoreReader(this);
        }

        void commit() {
            store.commit();
            if (forces) {
                store.sync();
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static final class MvStoreWriter implements Writer {
        private final Log log;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        private final Map<String, Long> added = new HashMap<>();

        MvStoreWriter(Log log) {
            this.log = log;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            synchronized (log) {
                long at = log.events.sizeAsLong();
                if (!put(at, entity, expected, payload)) {
                    return CONFLICT;
                }
                log.commit();
                return at;
            }
        }

        @Override
        public boolean appendAll(Batch batch) {
            synchronized (log) {
                if (!allAsExpected(batch)) {
                    return false;
                }
                long at = log.events.sizeAsLong();
                for (int i = 0; i < batch.size(); i++) {
                    put(at++, batch.entity(i), batch.expected(i), batch.payload(i));
                }
                log.commit();
                return true;
            }
        }

        /** Before anything is put: a commit after MVStore's rollback fails an assertion of its own. */
        private boolean allAsExpected(Batch batch) {
            added.clear();
            for (int i = 0; i < batch.size(); i++) {
                Long newest = added.put(batch.entity(i), batch.expected(i) + 1);
                if ((newest == null ? newest(log.heads.get(batch.entity(i))) : newest) != batch.expected(i)) {
                    return false;
                }
            }
            return true;
        }

        private long newest(byte[] head) {
            if (head == null) {
                return -1;
            }
            buffer.wrap(head);
            return buffer.getLong(0);
        }

        private boolean put(long at, String entity, long expected, byte[] payload) {
            byte[] head = log.heads.get(entity);
            if (newest(head) != expected) {
                return false;
            }
            long previous = head == null ? -1 : buffer.getLong(POSITION_OFFSET);
            // The store keeps what it is given, so each append needs arrays of its own.
            byte[] newHead = new byte[HEAD_BYTES];
            buffer.wrap(newHead);
            buffer.putLong(0, expected + 1);
            buffer.putLong(POSITION_OFFSET, at);
            log.heads.put(entity, newHead);

            int payloadOffset = NAME_OFFSET + entity.length();
            byte[] event = new byte[payloadOffset + payload.length];
            buffer.wrap(event);
            buffer.putLong(0, expected + 1);
            buffer.putLong(PREVIOUS_OFFSET, previous);
            buffer.putInt(NAME_LENGTH_OFFSET, entity.length());
            buffer.putStringWithoutLengthAscii(NAME_OFFSET, entity);
            buffer.putBytes(payloadOffset, payload);
            log.events.append(at, event);
            return true;
        }
    }

    private static final class MvStoreReader implements Reader {
        private final Log log;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        private byte[][] found = new byte[16][];

        MvStoreReader(Log log) {
            this.log = log;
        }

        @Override
        public int load(String entity, Sink sink) {
            byte[] head = log.heads.get(entity);
            if (head == null) {
                return 0;
            }
            buffer.wrap(head);
            int count = Math.toIntExact(buffer.getLong(0) + 1);
            long at = buffer.getLong(POSITION_OFFSET);
            found = count > found.length ? Arrays.copyOf(found, 2 * count) : found;
            for (int i = count - 1; i >= 0; i--) {
                found[i] = log.events.get(at);
                buffer.wrap(found[i]);
                at = buffer.getLong(PREVIOUS_OFFSET);
            }
            for (int i = 0; i < count; i++) {
                handOut(found[i], sink);
            }
            return count;
        }

        @Override
        public long replay(Sink sink) {
            long count = 0;
            for (Cursor<Long, byte[]> cursor = log.events.cursor(null); cursor.hasNext();) {
                cursor.next();
                handOut(cursor.getValue(), sink);
                count++;
            }
            return count;
        }

        private void handOut(byte[] event, Sink sink) {
            buffer.wrap(event);
            int payloadOffset = NAME_OFFSET + buffer.getInt(NAME_LENGTH_OFFSET);
            sink.event(buffer.getLong(0), buffer, payloadOffset, event.length - payloadOffset);
        }
    }
}
