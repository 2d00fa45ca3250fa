package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;

class TimesTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
        0, 0
        1, 1000000000
        1.5, 1500000000
        1767323045.123456789, 1767323045123456789
        1767323045.1234567899, 1767323045123456789
        2026-01-02T03:04:05Z, 1767323045000000000
        2026-01-02T03:04:05.123456789Z, 1767323045123456789
        2026-01-02T04:04:05.5+01:00, 1767323045500000000
        2026-01-02 03:04:05Z, 1767323045000000000
        2026-01-02t03:04:05z, 1767323045000000000
        """)
    void secondsAndRfc3339AreRead(String text, long ns) {
        assertEquals(ns, Times.parseNs(text));
    }

    @ParameterizedTest
    @EmptySource
    @CsvSource(textBlock = """
        ' '
        yesterday
        1e9
        0x10
        2026-01-02
        2026-01-02T03:04:05
        2026-13-02T03:04:05Z
        -1
        1969-12-31T23:59:59Z
        9223372037
        3000-01-01T00:00:00Z
        1.2.3
        NaN
        --5
        99999999999999999999999999999999999999999999999999999999999999999999
        """)
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Times.parseNs(text));
    }

    @Test
    void timesAreWrittenWithNineDigits() {
        assertEquals("2026-01-02T03:04:05.123456789Z", Times.rfc3339(1_767_323_045_123_456_789L));
        assertEquals("1970-01-01T00:00:00.000000000Z", Times.rfc3339(0));
        assertEquals("2262-04-11T23:47:16.854775807Z", Times.rfc3339(Long.MAX_VALUE));
    }
}
