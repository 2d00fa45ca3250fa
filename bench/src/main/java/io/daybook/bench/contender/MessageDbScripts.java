package io.daybook.bench.contender;

import io.daybook.bench.Scratch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The SQL that makes a message store of a PostgreSQL database. It is not of this project: it lies where a system property says, or the
 * program {@code npm} fetches it, once in a JVM; npm keeps what it fetched for the next.
 */
final class MessageDbScripts {

    private static final String PROPERTY = "daybook.bench.message-db";
    private static final String PACKAGE = "@eventide/message-db@1.3.1";
    private static final String ARCHIVE = "eventide-message-db-1.3.1.tgz";
    private static final String UNPACKED = "package";
    private static final String NPM = "npm";

    // As the package's install.sh goes through them. What makes the database is left out: the server has one already.
    private static final List<String> NAMES = List.of("roles/message-store", "schema/message-store", "extensions/pgcrypto",
            "tables/messages", "types/message", "functions/message-store-version", "functions/hash-64", "functions/acquire-lock",
            "functions/category", "functions/is-category", "functions/id", "functions/cardinal-id", "functions/stream-version",
            "functions/write-message", "functions/get-stream-messages", "functions/get-category-messages",
            "functions/get-last-stream-message", "indexes/messages-id", "indexes/messages-stream", "indexes/messages-category",
            "views/stream-summary", "views/type-summary", "views/stream-type-summary", "views/type-stream-summary",
            "views/category-type-summary", "views/type-category-summary", "privileges/schema", "privileges/table", "privileges/sequence",
            "privileges/functions", "privileges/views");

    // A failure is kept too, else every test would wait for the same network again.
    private static List<String> fetched;
    private static IOException whyNotFetched;

    private MessageDbScripts() {
    }

    /** What is missing on this machine. Fetches, as only that tells. */
    static Optional<String> missing() {
        try {
            all();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The text of each script, in the order in which they are to be run. */
    static List<String> all() throws IOException {
        String named = System.getProperty(PROPERTY);
        return named == null ? fetched() : read(Paths.get(named));
    }

    private static List<String> read(Path folder) throws IOException {
        List<String> scripts = new ArrayList<>();
        for (String name : NAMES) {
            Path script = folder.resolve("database").resolve(name + ".sql");
            if (!Files.isRegularFile(script)) {
                throw new IOException("Message-db's SQL is not there (-D" + PROPERTY + " names the folder of the unpacked package): script="
                        + script);
            }
            scripts.add(Files.readString(script));
        }
        return scripts;
    }

    private static synchronized List<String> fetched() throws IOException {
        if (whyNotFetched != null) throw whyNotFetched;
        if (fetched == null) {
            try {
                fetched = fetch();
            } catch (IOException e) {
                whyNotFetched = e;
                throw e;
            }
        }
        return fetched;
    }

    private static List<String> fetch() throws IOException {
        if (!npmIsThere()) {
            throw new IOException("Message-db's SQL is not there, nor npm, which fetches it (Debian: apt-get install npm; or -D" + PROPERTY
                    + "): package=" + PACKAGE);
        }
        try (Scratch scratch = Scratch.createIn(Scratch.base())) {
            Path folder = scratch.path("");
            // One retry: by default a machine without a network waits for more than a minute.
            ServerProcess.run(folder, List.of(NPM, "pack", PACKAGE, "--prefer-offline", "--ignore-scripts", "--fetch-retries=1"));
            ServerProcess.run(folder, List.of("tar", "-xzf", ARCHIVE));
            return read(folder.resolve(UNPACKED));
        } catch (IOException e) {
            throw new IOException("Message-db's SQL could not be fetched (by npm; or -D" + PROPERTY + "): package=" + PACKAGE + " why="
                    + e.getMessage(), e);
        }
    }

    private static boolean npmIsThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Paths.get(folder, NPM)));
    }
}
