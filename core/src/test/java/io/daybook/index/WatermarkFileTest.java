package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatermarkFileTest {

    private static final int FIRST_RECORD = 512;
    private static final int SECOND_RECORD = 1024;
    private static final int RECORD_LENGTH = 124;

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("watermark.dbk");
    }

    private static WatermarkFile.Record record(int number, boolean clean) {
        long n = number * 1_000_000_007L;
        return new WatermarkFile.Record(new UUID(n, n + 1), new UUID(n + 2, n + 3), clean, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, n + 10,
                n + 11, number * 77_777_777);
    }

    private WatermarkFile.Record reopened() throws IOException {
        return WatermarkFile.open(file).read();
    }

    @Test
    void aNewFileSaysNothing() throws IOException {
        assertNull(reopened());
        assertEquals(4096, Files.size(file));
    }

    @Test
    void theNewestRecordComesBack() throws IOException {
        WatermarkFile watermark = WatermarkFile.open(file);
        for (int i = -5; i < 20; i++) {
            watermark.write(record(i, i % 3 == 0));
            assertEquals(record(i, i % 3 == 0), watermark.read());
            assertEquals(record(i, i % 3 == 0), reopened());
        }
    }

    @Test
    void writingGoesOnInTurnAfterReopening() throws IOException {
        for (int i = 1; i < 10; i++) {
            WatermarkFile watermark = WatermarkFile.open(file);
            watermark.read();
            watermark.write(record(i, false));
            byte[] bytes = Files.readAllBytes(file);
            assertEquals(i, bytes[i % 2 == 0 ? FIRST_RECORD : SECOND_RECORD]);
            assertEquals(record(i, false), reopened());
        }
    }

    @Test
    void aTornWriteOfEitherRecordLeavesTheOther() throws IOException {
        for (int last = 2; last < 4; last++) {
            WatermarkFile watermark = WatermarkFile.open(file);
            watermark.clear();
            watermark.read();
            for (int i = 1; i <= last; i++) {
                watermark.write(record(i, true));
            }
            byte[] good = Files.readAllBytes(file);
            int newest = good[FIRST_RECORD] > good[SECOND_RECORD] ? FIRST_RECORD : SECOND_RECORD;
            int oldest = FIRST_RECORD + SECOND_RECORD - newest;
            for (int at = newest; at < newest + RECORD_LENGTH; at++) {
                byte[] torn = good.clone();
                torn[at] ^= 0x40;
                Files.write(file, torn);
                assertEquals(record(last - 1, true), reopened(), "byte=" + at);
            }
            byte[] torn = good.clone();
            Arrays.fill(torn, oldest, oldest + 8, (byte) 9);
            Files.write(file, torn);
            assertEquals(record(last, true), reopened(), "the older one torn");
            Files.write(file, good);
        }
    }

    @Test
    void withoutAWholeRecordItSaysNothing() throws IOException {
        WatermarkFile watermark = WatermarkFile.open(file);
        watermark.write(record(1, true));
        watermark.write(record(2, true));
        byte[] bytes = Files.readAllBytes(file);
        bytes[FIRST_RECORD + 20] ^= 1;
        bytes[SECOND_RECORD + 20] ^= 1;
        Files.write(file, bytes);
        assertNull(reopened());
    }

    @Test
    void anotherVersionOrAnotherFileSaysNothing() throws IOException {
        WatermarkFile.open(file).write(record(1, true));
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {0, 7, 8, 11}) {
            byte[] other = good.clone();
            other[at] ^= 2;
            Files.write(file, other);
            assertNull(reopened(), "byte=" + at);
        }
    }

    @Test
    void forgetsEverything() throws IOException {
        WatermarkFile watermark = WatermarkFile.open(file);
        watermark.write(record(1, true));
        watermark.clear();
        assertNull(watermark.read());
        assertNull(reopened());
    }
}
