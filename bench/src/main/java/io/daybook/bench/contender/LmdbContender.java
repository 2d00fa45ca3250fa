package io.daybook.bench.contender;

import static org.lmdbjava.DbiFlags.MDB_CREATE;
import static org.lmdbjava.DbiFlags.MDB_INTEGERKEY;
import static org.lmdbjava.EnvFlags.MDB_NOMEMINIT;
import static org.lmdbjava.EnvFlags.MDB_NOSYNC;
import static org.lmdbjava.EnvFlags.MDB_NOTLS;
import static org.lmdbjava.EnvFlags.MDB_WRITEMAP;
import static org.lmdbjava.PutFlags.MDB_APPEND;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.lmdbjava.Dbi;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB. One database holds the events by position, so that an append goes to its end and a replay is a walk; each event tells where its
 * entity's previous one is. The other holds the head of each entity: its newest version and where that is. It is small, hence cheap to
 * copy, and LMDB copies every page that it changes.
 *
 * <p>Stored a second time by entity and version, payloads would be loaded in a third of the time, by one walk; an append then takes about a
 * third more, and the file twice the room.
 */
final class LmdbContender implements Contender {

    // Room for addresses only: the file is sparse.
    private static final long MAP_BYTES = 64L << 30;

    private static final EnvFlags[] UNFORCED = {MDB_NOTLS, MDB_NOMEMINIT, MDB_NOSYNC, MDB_WRITEMAP};
    private static final EnvFlags[] FORCED = {MDB_NOTLS, MDB_NOMEMINIT};

    // An event: version, position of its entity's previous event, length of the name, name, payload. A head: version, position.
    static final int PREVIOUS_OFFSET = Long.BYTES;
    static final int NAME_LENGTH_OFFSET = PREVIOUS_OFFSET + Long.BYTES;
    static final int NAME_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;
    static final int POSITION_OFFSET = Long.BYTES;
    private static final int HEAD_BYTES = POSITION_OFFSET + Long.BYTES;
    static final int MOST_NAME_BYTES = 511;

    static {
        // LmdbJava's own advice for production, read once when its classes are loaded.
        System.setProperty(Env.DISABLE_CHECKS_PROP, "true");
    }

    @Override
    public String name() {
        return "lmdb";
    }

    @Override
    public String title() {
        return "LMDB";
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
        return "LmdbJava without its checks, Agrona buffers; events by position (INTEGERKEY, APPEND, RESERVE), heads by entity; one"
                + " transaction an append; NOTLS, NOMEMINIT; D0: NOSYNC and WRITEMAP; D2: synchronous commits";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        Files.createDirectories(folder);
        Env<DirectBuffer> env = Env.create(DirectBufferProxy.PROXY_DB).setMapSize(MAP_BYTES).setMaxDbs(2)
                .open(folder.toFile(), durability == Durability.D0 ? UNFORCED : FORCED);
        Dbi<DirectBuffer> events = env.openDbi("events", MDB_CREATE, MDB_INTEGERKEY);
        Dbi<DirectBuffer> heads = env.openDbi("heads", MDB_CREATE);
        try (Txn<DirectBuffer> txn = env.txnRead()) {
            return new Log(env, events, heads, events.stat(txn).entries);
        }
    }

    static UnsafeBuffer direct(int bytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
    }

    static final class Log implements EventLog {
        final Env<DirectBuffer> env;
        final Dbi<DirectBuffer> events;
        final Dbi<DirectBuffer> heads;
        // Read and changed by whoever has the write transaction, of which there is one: before its commit, which lets the next one begin.
        private long end;

        Log(Env<DirectBuffer> env, Dbi<DirectBuffer> events, Dbi<DirectBuffer> heads, long end) {
            this.env = env;
            this.events = events;
            this.heads = heads;
            this.end = end;
        }

        @Override
        public Writer writer() {
            return new LmdbWriter(this);
        }

        @Override
        public Reader reader() {
            return new LmdbReader(this);
        }

        @Override
        public void close() {
            env.close();
        }
    }

    private static final class LmdbWriter implements Writer {
        private final Log log;
        private final UnsafeBuffer names = direct(MOST_NAME_BYTES);
        private final UnsafeBuffer name = new UnsafeBuffer(names);
        private final UnsafeBuffer position = direct(Long.BYTES);
        private final UnsafeBuffer newHead = direct(HEAD_BYTES);

        LmdbWriter(Log log) {
            this.log = log;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            try (Txn<DirectBuffer> txn = log.env.txnWrite()) {
                long at = log.end;
                if (!put(txn, at, entity, expected, payload)) {
                    return CONFLICT;
                }
                log.end = at + 1;
                txn.commit();
                return at;
            }
        }

        @Override
        public boolean appendAll(Batch batch) {
            try (Txn<DirectBuffer> txn = log.env.txnWrite()) {
                long at = log.end;
                for (int i = 0; i < batch.size(); i++) {
                    if (!put(txn, at++, batch.entity(i), batch.expected(i), batch.payload(i))) {
                        return false;
                    }
                }
                log.end = at;
                txn.commit();
                return true;
            }
        }

        private boolean put(Txn<DirectBuffer> txn, long at, String entity, long expected, byte[] payload) {
            int nameLength = names.putStringWithoutLengthAscii(0, entity);
            name.wrap(names, 0, nameLength);
            DirectBuffer head = log.heads.get(txn, name);
            long newest = head == null ? -1 : head.getLong(0);
            if (newest != expected) {
                return false;
            }
            long previous = head == null ? -1 : head.getLong(POSITION_OFFSET);
            newHead.putLong(0, expected + 1);
            newHead.putLong(POSITION_OFFSET, at);
            log.heads.put(txn, name, newHead);

            position.putLong(0, at);
            int payloadOffset = NAME_OFFSET + nameLength;
            MutableDirectBuffer event = (MutableDirectBuffer) log.events.reserve(txn, position, payloadOffset + payload.length, MDB_APPEND);
            event.putLong(0, expected + 1);
            event.putLong(PREVIOUS_OFFSET, previous);
            event.putInt(NAME_LENGTH_OFFSET, nameLength);
            event.putBytes(NAME_OFFSET, name, 0, nameLength);
            event.putBytes(payloadOffset, payload);
            return true;
        }
    }
}
