package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PathNameTest {

    private static PathName of(String path) {
        return PathName.of(path.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatCanBeANameIsTheName() {
        for (String path : List.of("a", "src/main/Ünïcode \"quoted\" file's.txt", "-", "a%20b", "x".repeat(512), "日本語/🎉", "back\\slash")) {
            assertEquals(new PathName(path, path), of(path));
        }
    }

    @Test
    void whatCannotBeANameIsEscaped() {
        assertEquals(new PathName("%a%0Ab", "a\nb"), of("a\nb"));
        assertEquals(new PathName("%%25a", "%a"), of("%a"));
        assertEquals(new PathName("%a%C2%85b", "a\u0085b"), of("a\u0085b"));
        PathName latin1 = PathName.of("caf\u00E9 %.txt".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(new PathName("%caf%E9%20%25.txt", "%caf%E9%20%25.txt"), latin1);
    }

    @Test
    void whatIsTooLongIsCutAtACharacterAndKeepsItsSum() {
        String path = "é".repeat(300);
        PathName name = of(path);
        assertEquals(path, name.path());
        int bytes = name.entity().getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes <= 512 && bytes > 508, () -> "bytes=" + bytes);
        assertTrue(name.entity().matches("%é+%~[0-9a-f]{64}"), name.entity());
        assertNull(Names.problem(name.entity(), 512));
    }

    @Test
    void differentPathsHaveDifferentNames() {
        Set<String> names = new HashSet<>();
        List<String> paths = List.of("a\nb", "%a%0Ab", "a%0Ab", "%%25a%250Ab", "%a\nb", "x".repeat(513), "x".repeat(514), "x".repeat(512),
            "%" + "x".repeat(511));
        for (String path : paths) assertTrue(names.add(of(path).entity()), path);
    }
}
