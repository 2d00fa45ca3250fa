package io.daybook;

import java.time.Instant;

/** The clock of the machine. */
enum SystemStoreClock implements StoreClock {
    INSTANCE;

    @Override
    public long wallNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }
}
