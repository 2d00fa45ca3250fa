package io.daybook.append;

import io.daybook.Commit;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.envelope.CommitEncoder;
import io.daybook.envelope.EntityNames;
import io.daybook.envelope.EventDescriptor;
import io.daybook.envelope.SkipRule;
import io.daybook.index.EntityIndex;
import io.daybook.index.Head;
import io.daybook.metrics.AppendEvent;
import io.daybook.metrics.RollEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.agrona.MutableDirectBuffer;

/**
 * A commit on its way into the journal: its bytes, its entities with their conditions and heads, and in the end where it stands. One
 * thread at a time; used again, so that an append makes no garbage. Internal: not part of the API.
 */
public final class PendingCommit {

    private static final long ANY = -3;
    private static final long PRESENT = -2;
    private static final int NAME_ROOM = 512;

    private final EntityIndex index;
    private final CommitEncoder encoder;
    private byte[] names = new byte[2 * NAME_ROOM];
    private int namesLength;
    private int entities;
    private int[] nameOffsets = new int[4];
    private int[] nameLengths = new int[4];
    private boolean[] written = new boolean[4];
    private long[] expected = new long[4];
    private long[] tokens = new long[4];
    private long[] versionsBefore = new long[4];
    private long[] heads = new long[4 * Head.WORDS];
    private int[] entityOfEvent = new int[8];
    private final EntityNumbers numbers = new EntityNumbers();

    long firstPosition;
    long lastVersion;
    long timeNs;
    int failedEntity;
    long knownIdPosition;
    int knownIdEvent;
    RollEvent roll;
    AppendEvent recorded; // used again, so that appends make no garbage in a recording either

    PendingCommit(EntityIndex index, int maxPayloadBytes) {
        this.index = index;
        encoder = new CommitEncoder(maxPayloadBytes);
    }

    /** Starts anew. */
    public void begin() {
        encoder.begin();
        entities = 0;
        namesLength = 0;
    }

    /** Takes events of one entity. */
    void fill(String entity, Expected condition, Iterable<NewEvent> events) {
        begin();
        int number = addEntity(entity, code(condition));
        for (NewEvent event : events) {
            addEvent(number, event);
        }
        complete();
    }

    /** Takes one event. */
    void fill(String entity, Expected condition, NewEvent event) {
        begin();
        addEvent(addEntity(entity, code(condition)), event);
    }

    /** Takes everything that a commit has. */
    void fill(Commit commit) {
        begin();
        try {
            commit.conditions().forEach(this::addNumbered);
            for (Commit.Entry entry : commit.entries()) {
                int number = numbers.find(entry.entity());
                addEvent(number < 0 ? addNumbered(entry.entity(), Expected.any()) : number, entry.event());
            }
        } finally {
            numbers.clear();
        }
        complete();
    }

    private int addNumbered(String entity, Expected condition) {
        numbers.add(entity);
        return addEntity(entity, code(condition));
    }

    /** Opens an event of this length for the caller to write; {@code expectedVersion} -1: absent. */
    public MutableDirectBuffer claim(String entity, long expectedVersion, String type, int length) {
        begin();
        addEntity(entity, expectedVersion);
        noteEvent(0, 0);
        return encoder.claim(names, nameOffsets[0], nameLengths[0], type, length);
    }

    /** Gives the claimed event an id. */
    public void claimId(long high, long low) {
        encoder.claimId(high, low);
    }

    /** The claimed event is written. */
    public void closeClaim() {
        encoder.closeClaim();
    }

    private void complete() {
        if (encoder.events() == 0) {
            throw new IllegalArgumentException("A commit needs an event: conditions=" + entities);
        }
        RepeatedIds.refuse(encoder);
    }

    UUID idOf(int event) {
        return new UUID(encoder.idHigh(event), encoder.idLow(event));
    }

    private static long code(Expected condition) {
        if (condition instanceof Expected.Exactly exactly) {
            return exactly.version();
        }
        return condition instanceof Expected.Any ? ANY : condition instanceof Expected.Present ? PRESENT : -1;
    }

    private int addEntity(String name, long condition) {
        if (entities == StoreSettings.MAX_COMMIT_EVENTS) {
            throw new IllegalArgumentException("The commit has too many entities: limit=" + StoreSettings.MAX_COMMIT_EVENTS);
        }
        if (entities == nameOffsets.length) {
            grow();
        }
        if (namesLength + NAME_ROOM > names.length) {
            names = Arrays.copyOf(names, 2 * names.length);
        }
        nameOffsets[entities] = namesLength;
        nameLengths[entities] = EntityNames.putEntity(names, namesLength, name);
        namesLength += nameLengths[entities];
        index.prepare(names, nameOffsets[entities], nameLengths[entities], heads, entities * Head.WORDS);
        index.prefetch(heads, entities * Head.WORDS); // it arrives while the events are copied and summed
        expected[entities] = condition;
        written[entities] = false;
        return entities++;
    }

    private void grow() {
        int more = 2 * entities;
        nameOffsets = Arrays.copyOf(nameOffsets, more);
        nameLengths = Arrays.copyOf(nameLengths, more);
        written = Arrays.copyOf(written, more);
        expected = Arrays.copyOf(expected, more);
        tokens = Arrays.copyOf(tokens, more);
        versionsBefore = Arrays.copyOf(versionsBefore, more);
        heads = Arrays.copyOf(heads, more * Head.WORDS);
    }

    private void addEvent(int entity, NewEvent event) {
        encoder.add(names, nameOffsets[entity], nameLengths[entity], event);
        noteEvent(encoder.events() - 1, entity);
    }

    private void noteEvent(int event, int entity) {
        if (event == entityOfEvent.length) {
            entityOfEvent = Arrays.copyOf(entityOfEvent, 2 * event);
        }
        entityOfEvent[event] = entity;
        written[entity] = true;
    }

    /** Looks all heads up, without the lock. */
    void findHeads() {
        for (int i = 0; i < entities; i++) {
            tokens[i] = index.token(heads, i * Head.WORDS);
            index.find(heads, i * Head.WORDS);
        }
    }

    /** Makes sure of them under the lock; false: look again. */
    boolean findHeadsLocked() {
        for (int i = 0; i < entities; i++) {
            if (!index.findLocked(heads, i * Head.WORDS, tokens[i])) {
                return false;
            }
            versionsBefore[i] = Head.version(heads, i * Head.WORDS);
        }
        return true;
    }

    /** The first entity whose condition does not hold; -1 if all do. */
    int firstFailed() {
        for (int i = 0; i < entities; i++) {
            long actual = versionsBefore[i];
            long wanted = expected[i];
            if (wanted != ANY && (wanted == PRESENT ? actual < 0 : actual != wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** True if any of its events came with an id. */
    boolean hasGivenId() {
        return encoder.idsGiven() > 0;
    }

    /** Finds a given id in the window; true if there is one. */
    boolean hasKnownId(IdWindow window) {
        for (int i = 0; hasGivenId() && i < encoder.events(); i++) {
            if (encoder.idGiven(i)) {
                long position = window.find(encoder.idHigh(i), encoder.idLow(i));
                if (position >= 0) {
                    knownIdPosition = position;
                    knownIdEvent = i;
                    return true;
                }
            }
        }
        return false;
    }

    /** Completes the bytes for data that will lie at this address, and the heads with them. */
    void stamp(long dataAddress) {
        for (int i = 0; i < encoder.events(); i++) {
            int at = entityOfEvent[i] * Head.WORDS;
            long version = Head.version(heads, at) + 1;
            if (version > EventDescriptor.MAX_VERSION - 1) {
                throw new IllegalStateException("The entity has as many events as an entity can have: entity=" + name(entityOfEvent[i]));
            }
            long skip = version == 0 ? 0 : Head.level(heads, at, SkipRule.level(version));
            encoder.stamp(i, version, Head.newest(heads, at), skip);
            Head.add(heads, at, dataAddress + encoder.offset(i));
            lastVersion = version;
        }
    }

    /** Stores the heads of the written entities, after publication. */
    void putHeads() {
        for (int i = 0; i < entities; i++) {
            if (written[i]) {
                index.put(heads, i * Head.WORDS, versionsBefore[i] < 0);
            }
        }
    }

    /** Adds the ids to the window, after publication. */
    void addIds(IdWindow window) {
        if (!hasGivenId()) {
            window.addDerived(encoder.events());
            return;
        }
        for (int i = 0; i < encoder.events(); i++) {
            if (encoder.idGiven(i)) {
                window.add(encoder.idHigh(i), encoder.idLow(i));
            } else {
                window.addDerived(1);
            }
        }
    }

    long[] heads() {
        return heads;
    }

    CommitEncoder encoder() {
        return encoder;
    }

    int entities() {
        return entities;
    }

    String name(int entity) {
        return new String(names, nameOffsets[entity], nameLengths[entity], StandardCharsets.UTF_8);
    }

    Expected condition(int entity) {
        long code = expected[entity];
        return code == ANY ? Expected.any() : code == PRESENT ? Expected.present() : Expected.exactly(code);
    }

    long actual(int entity) {
        return versionsBefore[entity];
    }

    /** The first entity that is written and whose condition names a version; -1 if there is none. */
    int firstNamingVersion() {
        for (int i = 0; i < entities; i++) {
            if (written[i] && expected[i] >= -1) {
                return i;
            }
        }
        return -1;
    }

    /** The version that the condition names, -1 for absent; less if it names none. */
    long namedVersion(int entity) {
        return expected[entity];
    }

    int entityOf(int event) {
        return entityOfEvent[event];
    }

    byte[] nameBytes() {
        return names;
    }

    int nameOffset(int entity) {
        return nameOffsets[entity];
    }

    int nameLength(int entity) {
        return nameLengths[entity];
    }
}
