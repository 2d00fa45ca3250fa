package io.daybook.index;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;

/**
 * What the entity index is opened with. Internal: not part of the API.
 *
 * @param folder          where its files are; everything in it is derived
 * @param identity        of the journal
 * @param bootId          of the machine now
 * @param hash            turns names into hashes
 * @param tableBytes      bound of the table in memory
 * @param capacity        heads for which a new map is made
 * @param flushEvents     after how many events the index on disk is brought up to date
 * @param headsFileEvents after how many events a heads file is published
 * @param threadFactory   makes threads that help for a moment
 */
public record IndexSettings(Path folder, UUID identity, UUID bootId, EntityHash hash, long tableBytes, long capacity, long flushEvents,
                            long headsFileEvents, ThreadFactory threadFactory) {

    Path watermarkFile() {
        return folder.resolve("watermark.dbk");
    }

    Path positionsFile() {
        return folder.resolve("positions.dbk");
    }

    Path headsFile() {
        return folder.resolve("heads.dbk");
    }

    Path mapFile(long number) {
        return folder.resolve("heads-" + number + ".map");
    }

    /** The hash of names that a journal with this key uses. */
    public static EntityHash hash(long keyHigh, long keyLow) {
        return new SipHash128(keyHigh, keyLow);
    }
}
