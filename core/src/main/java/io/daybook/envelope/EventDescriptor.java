package io.daybook.envelope;

/**
 * Layout of an event within a commit. All numbers are little-endian; nothing is aligned.
 * <pre>
 *   0      4       8                 16                24         32        40     42
 *   +------+-------+-----------------+-----------------+----------+---------+------+------+------+----------+---------+-----+
 *   | sum  |length | version 40 bit  | distance 28 bit | previous | skip    |name, | name | type | metadata | payload | id? |
 *   |      |       | schema 16, type | index 16, meta- | address  | address |flag  |      |      |          |         |     |
 *   |      |       | length 8        | data length 20  |          |         |      |      |      |          |         |     |
 *   +------+-------+-----------------+-----------------+----------+---------+------+------+------+----------+---------+-----+
 *                                                          header, 42 bytes        |  body
 * </pre>
 * <ul>
 *   <li>sum: CRC32C over the body and then over bytes 4 to 42, xor CRC32C over bytes 4 to 28 of the commit: it vouches for the commit's
 *       position and time too, so that one event can be checked without its siblings</li>
 *   <li>length: of the whole event</li>
 *   <li>distance: from the start of the commit to the start of the event; index: its number within the commit</li>
 *   <li>previous: address of the entity's previous event, 0 for none; skip: of an older one, see {@link io.daybook.envelope.SkipRule}</li>
 *   <li>name, flag: length of the name in the low 10 bits; bit 15: an id of 16 bytes stands at the end, otherwise it is derived
 *       ({@link io.daybook.envelope.DerivedId})</li>
 * </ul>
 * Fields are packed because the envelope's size is a goal: 42 bytes, with commit header, id and Chronicle's own header at most 93 with
 * padding. Internal: not part of the API.
 */
public final class EventDescriptor {

    /** Offset of the length. */
    public static final int LENGTH_OFFSET = 4;
    /** Offset of version, schema version and length of the type. */
    public static final int VERSION_OFFSET = 8;
    /** Offset of distance, index and length of the metadata. */
    public static final int PLACE_OFFSET = 16;
    /** Offset of the address of the previous event. */
    public static final int PREVIOUS_OFFSET = 24;
    /** Offset of the address of an older event. */
    public static final int SKIP_OFFSET = 32;
    /** Offset of the name's length and the id flag. */
    public static final int NAME_OFFSET = 40;
    /** Length of the header. */
    public static final int HEADER_LENGTH = 42;
    /** The part of the header that is summed. */
    public static final int SUMMED_HEADER_LENGTH = HEADER_LENGTH - LENGTH_OFFSET;

    /** Length of an id. */
    public static final int ID_LENGTH = 16;
    /** The highest version. */
    public static final long MAX_VERSION = (1L << 40) - 1;

    private static final int ID_GIVEN = 0x8000;
    private static final int NAME_LENGTH_MASK = 0x3FF;

    private EventDescriptor() {
    }

    /** The word at {@link #VERSION_OFFSET}. */
    public static long versionWord(long version, int schemaVersion, int typeLength) {
        return version | (long) schemaVersion << 40 | (long) typeLength << 56;
    }

    /** The version in that word. */
    public static long version(long versionWord) {
        return versionWord & MAX_VERSION;
    }

    /** The schema version in that word. */
    public static int schemaVersion(long versionWord) {
        return (int) (versionWord >>> 40) & 0xFFFF;
    }

    /** The length of the type in that word. */
    public static int typeLength(long versionWord) {
        return (int) (versionWord >>> 56);
    }

    /** The word at {@link #PLACE_OFFSET}. */
    public static long placeWord(int distance, int index, int metadataLength) {
        return distance | (long) index << 28 | (long) metadataLength << 44;
    }

    /** The distance in that word. */
    public static int distance(long placeWord) {
        return (int) placeWord & 0xFFF_FFFF;
    }

    /** The index in that word. */
    public static int index(long placeWord) {
        return (int) (placeWord >>> 28) & 0xFFFF;
    }

    /** The length of the metadata in that word. */
    public static int metadataLength(long placeWord) {
        return (int) (placeWord >>> 44);
    }

    /** The field at {@link #NAME_OFFSET}. */
    public static short nameField(int nameLength, boolean idGiven) {
        return (short) (nameLength | (idGiven ? ID_GIVEN : 0));
    }

    /** The length of the name in that field. */
    public static int nameLength(short nameField) {
        return nameField & NAME_LENGTH_MASK;
    }

    /** True if the event stores its id. */
    public static boolean idGiven(short nameField) {
        return (nameField & ID_GIVEN) != 0;
    }
}
