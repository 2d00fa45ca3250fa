package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chronicle's files name types; a file in which another class stands does not make this process load that class. */
@SuppressWarnings("unused")
class ForgedTypesTest extends JournalTest {

    private static final String TOUCHED = "daybook.forgedTypeTouched";
    private static final String FORGED = "io.daybook.environment.ForgedTypesTest$";
    private static final int DESCRIPTION = 12;

    // Each in the place of the type of its name. They tell when they are loaded, which a class is once.

    private static final class STStore {
        static {
            System.setProperty(TOUCHED, "true");
        }
    }

    private static final class SCQMeta {
        static {
            System.setProperty(TOUCHED, "true");
        }
    }

    private static final class SCQSRoll {
        static {
            System.setProperty(TOUCHED, "true");
        }
    }

    private static final class SCQStore {
        static {
            System.setProperty(TOUCHED, "true");
        }
    }

    private static final class SCQSIndexing {
        static {
            System.setProperty(TOUCHED, "true");
        }
    }

    private static final class TheMap {
        static {
            System.setProperty(TOUCHED, "true");
        }
    }

    @AfterEach
    void clear() {
        System.clearProperty(TOUCHED);
    }

    private void append(int events) {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < events; i++) {
                store.append("a", Expected.any(), Events.event("Happened", ""));
            }
        }
    }

    private long events() {
        try (EventStore store = EventStore.open(folder, small())) {
            assertEquals(store.endPosition(), Events.all(store).size());
            return store.endPosition();
        }
    }

    /** Chronicle's binary wire: B6, a length, the name. Everything behind moves, and the document's length with it. */
    private static void forgeBinary(Path file, String type) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] old = (" " + (char) type.length() + type).getBytes(StandardCharsets.ISO_8859_1);
        old[0] = (byte) 0xB6;
        int at = 0;
        while (!Arrays.equals(old, Arrays.copyOfRange(bytes, at, at + old.length))) {
            at++;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        String forgedType = FORGED + type;
        out.write(0xB6);
        out.write(forgedType.length());
        out.write(forgedType.getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes, at + old.length, bytes.length - at - old.length);
        byte[] forged = Arrays.copyOf(out.toByteArray(), bytes.length);
        ByteBuffer first = ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN);
        first.putInt(0, first.getInt(0) + FORGED.length());
        Files.write(file, forged);
    }

    @ParameterizedTest
    @CsvSource({"STStore", "SCQMeta", "SCQSRoll"})
    void inChroniclesTableIsNotLoaded(String type) throws IOException {
        append(3);
        forgeBinary(folder.resolve(JournalFiles.QUEUE).resolve("metadata.cq4t"), type);
        assertEquals(3, events());
        assertNull(System.getProperty(TOUCHED));
        append(1);
        assertEquals(4, events());
    }

    @ParameterizedTest
    @CsvSource({"SCQStore", "SCQSIndexing"})
    void inAJournalFileIsNotLoaded(String type) throws IOException {
        append(3);
        Path file;
        try (Stream<Path> files = Files.list(folder.resolve(JournalFiles.QUEUE))) {
            file = files.filter(name -> name.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        JournalFiles.truncate(file, 1 << 20);
        forgeBinary(file, type);
        String message = assertThrows(JournalDamagedException.class, this::events).getMessage();
        assertTrue(message.contains(file.getFileName().toString()), message);
        assertNull(System.getProperty(TOUCHED));
    }

    /** Chronicle opens that one, too, to see that it has ended. */
    @ParameterizedTest
    @CsvSource({"SCQStore", "SCQSIndexing"})
    void inTheFileBeforeTheNewestIsNotLoaded(String type) throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 3; i++) {
                store.append("a", Expected.any(), NewEvent.of("Happened", new byte[900_000]));
            }
        }
        Path file = JournalFiles.cycles(folder).get(1);
        JournalFiles.truncate(file, 2 << 20);
        forgeBinary(file, type);
        String message = assertThrows(JournalDamagedException.class, this::events).getMessage();
        assertTrue(message.contains(file.getFileName().toString()), message);
        assertNull(System.getProperty(TOUCHED));
    }

    @Test
    void inTheIndexIsNotLoaded() throws IOException {
        Path kept = temp.resolve("kept");
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.any(), Events.event("Happened", ""));
            JournalFiles.keep(folder, 4 << 20).putBack(kept); // as after a kill: no sum over the map's file then
        }
        Path map;
        try (Stream<Path> files = Files.list(kept.resolve("index"))) {
            map = files.filter(name -> name.toString().endsWith(".map")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(map);
        ByteBuffer start = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = start.getInt(8);
        String text = new String(bytes, DESCRIPTION, length, StandardCharsets.ISO_8859_1);
        String old = "!net.openhft.chronicle.map.VanillaChronicleMap ";
        assertTrue(text.startsWith(old), text);
        text = String.format("%-" + old.length() + "s", "!" + FORGED + "TheMap") + text.substring(old.length());
        assertEquals(length, text.length());
        start.position(DESCRIPTION).put(text.getBytes(StandardCharsets.ISO_8859_1));
        start.putLong(0, LongHashFunction.xx_r39().hashBytes(bytes, 8, 4 + length));
        Files.write(map, bytes);
        try (EventStore store = EventStore.open(kept, small())) {
            assertNull(System.getProperty(TOUCHED));
            assertTrue(store.recovery().indexRebuilt());
            assertEquals(1, store.endPosition());
        }
    }
}
