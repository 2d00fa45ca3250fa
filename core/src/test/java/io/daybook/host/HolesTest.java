package io.daybook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Host;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is never taken for a hole, whether it is on the device or in memory only. */
class HolesTest {

    private static final int PAGE = 4096;
    private static final long LENGTH = 640L << 20;

    @TempDir
    private Path temp;

    @Test
    void everyByteThatIsNotZeroIsFoundAndNearlyNothingElse() throws IOException {
        Host.require("Linux".equals(System.getProperty("os.name")), "everyByteThatIsNotZeroIsFoundAndNearlyNothingElse",
            "other systems are not asked where a file has holes");
        Path file = temp.resolve("sparse");
        long[] written = {4095, 70_000, 300L << 20, LENGTH - 1};
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"); FileChannel channel = access.getChannel()) {
            access.setLength(LENGTH);
            for (int i = 0; i < written.length; i++) {
                if (i % 2 == 0) {
                    access.seek(written[i]);
                    access.write(1);
                } else {
                    MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, written[i], 1);
                    memory.put(0, (byte) 1);
                }
            }
        }
        int looked = 0;
        int found = 0;
        try (Holes holes = Holes.of(file); FileChannel channel = FileChannel.open(file)) {
            ByteBuffer page = ByteBuffer.allocate(PAGE);
            for (long at = holes.pass(0); at < LENGTH; at = holes.pass(at + PAGE)) {
                assertTrue(++looked < 1_000, "nothing is passed over");
                assertEquals(0, at % PAGE);
                channel.read(page.clear(), at);
                for (int i = 0; i < PAGE; i++) {
                    if (page.get(i) == 1) {
                        assertEquals(written[found++], at + i);
                    }
                }
            }
        }
        assertEquals(written.length, found);
    }

    @Test
    void behindTheEndThereIsNothing() throws IOException {
        Path file = Files.createFile(temp.resolve("empty"));
        try (Holes holes = Holes.of(file)) {
            assertEquals(Long.MAX_VALUE, holes.pass(0));
        }
        try (Holes holes = Holes.of(temp.resolve("missing"))) {
            assertEquals(7, holes.pass(7), "where nothing is known there are no holes");
        }
    }
}
