package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing in core makes objects of bytes by Java's serialisation, whose input chooses the classes. */
class NoDeserialisationTest {

    private static final Set<String> FORBIDDEN = Set.of("java/io/ObjectInputStream", "java/io/ObjectInput", "java/io/Externalizable",
        "java/beans/XMLDecoder", "readObject", "readExternal", "readUnshared");
    private static final int UTF8 = 1;

    /** What the search must find. */
    private static final class Guilty {
        private Guilty() {
        }

        static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
            return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
        }
    }

    @Test
    void noClassOfCoreReadsSerialisedObjects() throws Exception {
        List<String> found = new ArrayList<>();
        int classes = 0;
        for (Path file : classes(EventStore.class)) {
            Set<String> constants = constants(file);
            assertTrue(constants.contains("Code") || constants.contains("java/lang/Object") || constants.contains("java/lang/Enum"),
                () -> "it was read: " + file);
            constants.retainAll(FORBIDDEN);
            constants.forEach(constant -> found.add(file.getFileName() + ": " + constant));
            classes++;
        }
        assertTrue(classes > 100, "all of core");
        assertEquals(List.of(), found);
    }

    @Test
    void whatIsForbiddenWouldBeFound() throws Exception {
        Path guilty = classes(NoDeserialisationTest.class).stream().filter(file -> file.endsWith(
            "io/daybook/environment/NoDeserialisationTest$Guilty.class")).findFirst().orElseThrow();
        Set<String> constants = constants(guilty);
        constants.retainAll(FORBIDDEN);
        assertEquals(new TreeSet<>(Set.of("java/io/ObjectInputStream", "readObject")), constants);
    }

    private static List<Path> classes(Class<?> of) throws IOException, URISyntaxException {
        Path root = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    /** The texts of a class file's constants: names of classes and methods among them. */
    private static Set<String> constants(Path file) throws IOException {
        Set<String> constants = new TreeSet<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            assertEquals(0xCAFEBABE, in.readInt());
            in.readInt();
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case UTF8 -> constants.add(in.readUTF());
                    case 5, 6 -> { // long and double take two places
                        in.readLong();
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> in.readUnsignedShort();
                    case 15 -> in.skipNBytes(3);
                    default -> in.readInt();
                }
            }
        }
        return constants;
    }
}
