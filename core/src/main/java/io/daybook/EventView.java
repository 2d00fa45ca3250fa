package io.daybook;

import java.util.UUID;
import org.agrona.DirectBuffer;

/**
 * A stored event in place, without a copy. One view object serves a whole read: it shows one event at a time and is valid until the next
 * one is asked for. Afterwards, and after the cursor was closed, every method throws {@link IllegalStateException}.
 *
 * <p>The buffers lie over a mapping of the journal that is never unmapped while a buffer refers to it: one that was kept too long reads old
 * bytes. They are read-only; casting one to a mutable buffer and writing to it is outside any promise. Not thread-safe.
 */
public interface EventView {

    /** Number of the event within the journal. */
    long position();

    /** Name of the entity; a string made anew at each call. */
    String entity();

    /** Number of the event within its entity. */
    long version();

    /** What happened; a string made anew at each call. */
    String type();

    /** The event's id; an object made anew at each call. */
    UUID id();

    /** Time of the commit, nanoseconds since 1970-01-01T00:00:00Z. */
    long timeNs();

    /** Version of the payload's schema. */
    int schemaVersion();

    /** Position of the first event of the commit that this event belongs to. */
    long commitPosition();

    /** Number of events in that commit. */
    int commitSize();

    /** Epoch of the journal in which that commit was written; never below that of an event before it. */
    int epoch();

    /** The bytes that all offsets of this view refer to. */
    DirectBuffer buffer();

    /** Where the entity's name (UTF-8) begins in {@link #buffer()}. */
    int entityOffset();

    /** Length of the entity's name in bytes. */
    int entityLength();

    /** Where the type (UTF-8) begins in {@link #buffer()}. */
    int typeOffset();

    /** Length of the type in bytes. */
    int typeLength();

    /** Where the metadata begins in {@link #buffer()}. */
    int metadataOffset();

    /** Length of the metadata in bytes. */
    int metadataLength();

    /** Where the payload begins in {@link #buffer()}. */
    int payloadOffset();

    /** Length of the payload in bytes. */
    int payloadLength();

    /** A copy that may be kept. */
    RecordedEvent copy();
}
