package io.daybook.index;

/**
 * Turns an entity's name into the 128 bits that the index knows it by. The real one is {@link SipHash128}; tests give worse ones.
 * Thread-safe. Internal: not part of the API.
 */
public interface EntityHash {

    /** Writes both halves of the hash of these bytes to {@code hash[at]} and {@code hash[at + 1]}. */
    void hash(byte[] bytes, int offset, int length, long[] hash, int at);
}
