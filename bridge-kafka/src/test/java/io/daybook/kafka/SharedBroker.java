package io.daybook.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** One broker for all tests of this JVM that leave it alone; started by the first, gone with the JVM. Each test has topics of its own. */
public final class SharedBroker {

    private static final BrokerProcess BROKER = start();

    private SharedBroker() {
    }

    /** Where clients find it. */
    public static String address() {
        return BROKER.address();
    }

    private static BrokerProcess start() {
        try {
            Path folder = Files.createTempDirectory("daybook-broker");
            BrokerProcess broker = BrokerProcess.start(folder);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                broker.kill();
                delete(folder);
            }));
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
