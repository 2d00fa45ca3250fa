package io.daybook.journal;

import io.daybook.JournalDamagedException;
import io.daybook.StoreSettings;
import io.daybook.UnsupportedFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * What is fixed when a journal is created: {@code journal.dbk}, drawn in FORMAT.md. Internal: not part of the API.
 *
 * @param identity        random; names the journal for ever
 * @param hashKeyHigh     half of the key of the hash of entity names
 * @param hashKeyLow      the other half
 * @param createdNs       when, nanoseconds since 1970 UTC
 * @param cycleBytes      size at which a cycle ends
 * @param maxPayloadBytes the largest payload
 */
public record JournalFile(UUID identity, long hashKeyHigh, long hashKeyLow, long createdNs, long cycleBytes, int maxPayloadBytes) {

    /** The format that is written. */
    public static final int FORMAT_VERSION = 1;

    static final long MAGIC = 0x4B4F4F4259414400L | 'J'; // "JDAYBOOK" in little-endian order

    private static final int LENGTH = 80;
    private static final int CYCLE_BYTES_OFFSET = 56;
    private static final long DEFAULT_CYCLE_BYTES = 1L << 30;
    private static final int DEFAULT_MAX_PAYLOAD_BYTES = 1 << 20;

    /** Makes a journal with a new identity. */
    public static JournalFile create(JournalFolder folder, StoreSettings settings, long nowNs) throws IOException {
        return create(folder, settings, UUID.randomUUID(), nowNs);
    }

    /** Makes a journal of this identity; settings that are not set get their defaults. */
    public static JournalFile create(JournalFolder folder, StoreSettings settings, UUID identity, long nowNs) throws IOException {
        SecureRandom random = new SecureRandom();
        JournalFile made = new JournalFile(identity, random.nextLong(), random.nextLong(), nowNs,
                settings.cycleBytes() == 0 ? DEFAULT_CYCLE_BYTES : settings.cycleBytes(),
                settings.maxPayloadBytes() == 0 ? DEFAULT_MAX_PAYLOAD_BYTES : settings.maxPayloadBytes());
        ByteBuffer content = SmallFile.content(LENGTH);
        content.putLong(MAGIC).putInt(FORMAT_VERSION).putInt(LENGTH)
                .putLong(made.identity.getMostSignificantBits()).putLong(made.identity.getLeastSignificantBits())
                .putLong(made.hashKeyHigh).putLong(made.hashKeyLow).putLong(made.createdNs)
                .putLong(made.cycleBytes).putInt(made.maxPayloadBytes);
        SmallFile.write(folder.journalFile(), content);
        return made;
    }

    /** Reads it; refuses what is not a journal, a newer format, and settings other than at creation. */
    public static JournalFile read(JournalFolder folder, StoreSettings settings) throws IOException {
        String name = folder.journalFile().toString();
        byte[] start;
        try (var in = Files.newInputStream(folder.journalFile())) {
            start = in.readNBytes(Long.BYTES + Integer.BYTES);
        } catch (NoSuchFileException e) {
            throw noJournal(folder, "The folder is not empty and holds no journal: folder=" + folder.root());
        }
        ByteBuffer first = SmallFile.content(Long.BYTES + Integer.BYTES).put(start).flip();
        if (start.length < Long.BYTES + Integer.BYTES || first.getLong() != MAGIC) {
            throw new UnsupportedFormatException("The file is not a journal's: file=" + name);
        }
        int version = first.getInt();
        if (version != FORMAT_VERSION) {
            throw new UnsupportedFormatException("The journal has another format: file=" + name + " formatVersion=" + version
                    + " supported=" + FORMAT_VERSION);
        }
        ByteBuffer content = SmallFile.read(folder.journalFile());
        if (content == null || content.capacity() != LENGTH) {
            throw new JournalDamagedException("The journal's settings are damaged", name, 0);
        }
        content.position(Long.BYTES + 2 * Integer.BYTES);
        JournalFile read = new JournalFile(new UUID(content.getLong(), content.getLong()), content.getLong(), content.getLong(),
                content.getLong(), content.getLong(), content.getInt());
        if (read.cycleBytes < StoreSettings.MIN_CYCLE_BYTES || read.cycleBytes > StoreSettings.MAX_CYCLE_BYTES
                || read.maxPayloadBytes < 1 || read.maxPayloadBytes > StoreSettings.MAX_PAYLOAD_BYTES) {
            throw new JournalDamagedException("The journal's settings are ones that no journal is made with: cycleBytes="
                    + read.cycleBytes + " maxPayloadBytes=" + read.maxPayloadBytes, name, CYCLE_BYTES_OFFSET);
        }
        requireSame("cycleBytes", settings.cycleBytes(), read.cycleBytes, name);
        requireSame("maxPayloadBytes", settings.maxPayloadBytes(), read.maxPayloadBytes, name);
        return read;
    }

    /** The refusal of a folder that is no journal; this message, unless it is one that is not whole yet. */
    public static UnsupportedFormatException noJournal(JournalFolder folder, String otherwise) {
        return new UnsupportedFormatException(Files.exists(folder.restoreFile())
                ? "The journal in the folder is not restored to its end: run the restore again, or delete the folder: folder="
                        + folder.root() + " file=" + folder.restoreFile().getFileName()
                : otherwise);
    }

    private static void requireSame(String setting, long asked, long created, String file) {
        if (asked != 0 && asked != created) {
            throw new UnsupportedFormatException("A setting that is fixed at creation differs: setting=" + setting + " asked=" + asked
                    + " created=" + created + " file=" + file);
        }
    }
}
