package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChronicleHeaderTest {

    @TempDir
    private Path folder;

    /** Whatever Chronicle writes passes, with every number that can stand in it, also one that looks like a type. */
    @ParameterizedTest
    @EnumSource(value = RollCycles.class, names = {"FAST_DAILY", "FAST_HOURLY"})
    void whatChronicleWritesPasses(RollCycles cycle) throws Exception {
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder).rollCycle(cycle).timeProvider(() -> 0).build();
            ExcerptAppender appender = queue.createAppender()) {
            for (int i = 0; i < 600; i++) {
                try (DocumentContext document = appender.writingDocument()) {
                    document.wire().bytes().writeLong(i);
                }
            }
        }
        for (Path file : Files.list(folder).filter(name -> name.toString().endsWith(".cq4")).toList()) {
            assertTrue(ChronicleHeader.namesOnlyItsOwnTypes(file), file::toString);
            byte[] bytes = java.util.Arrays.copyOf(Files.readAllBytes(file), 4_096);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0x40, 0x4141_4141_4141_03B6L); // the end of what is written
            Path other = Files.write(folder.resolveSibling("other"), bytes);
            assertTrue(ChronicleHeader.namesOnlyItsOwnTypes(other), file::toString);
            Files.delete(other);
        }
    }

    @Test
    void whatHasNoDescriptionYetPasses() throws Exception {
        for (int length : new int[] {0, 3, 4, 4_096}) {
            assertTrue(ChronicleHeader.namesOnlyItsOwnTypes(Files.write(folder.resolve("file"), new byte[length])));
        }
    }

    @Test
    void bytesOfChanceAreNoDescription() throws Exception {
        Random random = new Random(11);
        int passed = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[4_096];
            random.nextBytes(bytes);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, DocumentScanner.METADATA | random.nextInt(1_000));
            passed += ChronicleHeader.namesOnlyItsOwnTypes(Files.write(folder.resolve("file"), bytes)) ? 1 : 0;
        }
        assertTrue(passed < 100, "passed=" + passed);
        byte[] tooLong = new byte[8];
        ByteBuffer.wrap(tooLong).order(ByteOrder.LITTLE_ENDIAN).putInt(0, DocumentScanner.METADATA | 1 << 29);
        assertFalse(ChronicleHeader.namesOnlyItsOwnTypes(Files.write(folder.resolve("file"), tooLong)));
    }
}
