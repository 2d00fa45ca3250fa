package io.daybook.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatencyRecorderTest {

    private final LatencyRecorder recorder = new LatencyRecorder();

    @Test
    void percentilesAreExactToThreeDigits() {
        for (long ns = 1; ns <= 100_000; ns++) recorder.record(ns);
        assertEquals(100_000, recorder.count());
        assertEquals(50_000, recorder.percentileNs(50), 50);
        assertEquals(99_000, recorder.percentileNs(99), 99);
        assertEquals(100_000, recorder.maxNs(), 100);
    }

    @Test
    void nothingRecordedIsZero() {
        assertEquals(0, recorder.count());
        assertEquals(0, recorder.percentileNs(99.9));
        assertEquals(0, recorder.maxNs());
    }

    @Test
    void whatCannotBeIsBroughtIntoRange() {
        recorder.record(-5);
        recorder.record(Long.MAX_VALUE);
        assertEquals(2, recorder.count());
        assertEquals(0, recorder.percentileNs(0));
        assertEquals(3_600_000_000_000L, recorder.maxNs(), 3_600_000_000L);
    }
}
