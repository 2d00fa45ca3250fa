package io.daybook.journal;

import java.nio.MappedByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A read-only mapping of a stretch of a journal file. It is never unmapped by hand: garbage collection releases it when the last buffer
 * over it is gone, so whoever kept one reads old bytes. Thread-safe. Internal: not part of the API.
 */
public final class Window {

    private final int cycle;
    private final long base;
    private final Object fileKey;
    private final UnsafeBuffer buffer;

    /** {@code fileKey}: tells the file from another that takes its name. */
    Window(int cycle, long base, Object fileKey, MappedByteBuffer mapping) {
        this.cycle = cycle;
        this.base = base;
        this.fileKey = fileKey;
        buffer = new UnsafeBuffer(mapping);
    }

    /** The cycle whose file is mapped. */
    public int cycle() {
        return cycle;
    }

    /** Tells its file from another of that name. */
    Object fileKey() {
        return fileKey;
    }

    /** Where in the file the window begins. */
    public long base() {
        return base;
    }

    /** The bytes. Callers check bounds themselves: Agrona's checks can be switched off. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** True if these bytes of the file lie inside. */
    public boolean holds(long offset, long length) {
        return offset >= base && offset + length <= base + buffer.capacity();
    }

    /** Where an offset of the file lies in {@link #buffer()}. */
    public int index(long offset) {
        return (int) (offset - base);
    }
}
