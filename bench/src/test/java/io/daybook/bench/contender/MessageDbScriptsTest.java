package io.daybook.bench.contender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where message-db's SQL is looked for. */
class MessageDbScriptsTest {

    private static final String PROPERTY = "daybook.bench.message-db";

    @TempDir
    Path folder;

    private final String before = System.getProperty(PROPERTY);

    @BeforeEach
    void name() {
        System.setProperty(PROPERTY, folder.toString());
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void aNamedFolderWithoutTheScriptsIsMissing() {
        String why = MessageDbScripts.missing().orElseThrow();
        assertTrue(why.contains("-D" + PROPERTY), why);
        assertTrue(why.endsWith("script=" + folder.resolve("database/roles/message-store.sql")), why);
    }

    @Test
    void theScriptsOfANamedFolderAreReadInOrder() throws IOException {
        for (String missing = missing(); missing != null; missing = missing()) {
            Path script = Path.of(missing);
            Files.createDirectories(script.getParent());
            Files.writeString(script, "-- " + folder.resolve("database").relativize(script));
        }
        List<String> scripts = MessageDbScripts.all();
        assertEquals(List.of("-- roles/message-store.sql", "-- schema/message-store.sql", "-- extensions/pgcrypto.sql",
                "-- tables/messages.sql", "-- types/message.sql"), scripts.subList(0, 5));
        assertTrue(scripts.indexOf("-- functions/category.sql") < scripts.indexOf("-- indexes/messages-category.sql"), scripts::toString);
        assertEquals("-- privileges/views.sql", scripts.get(scripts.size() - 1));
    }

    private static String missing() {
        return MessageDbScripts.missing().map(why -> why.substring(why.indexOf("script=") + "script=".length())).orElse(null);
    }
}
