package io.daybook.kafka.cli;

import io.daybook.EventStore;
import io.daybook.StoreSettings;
import io.daybook.kafka.BridgeSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have: a journal, and a topic. Returns the exit code. */
abstract class Task implements Callable<Integer> {

    static final int WELL = 0;
    static final int FOUND_WRONG = 1;

    private static final char REPLACEMENT = '\uFFFD';

    /** Where results go. */
    final PrintStream out;

    @Spec
    private CommandSpec spec;

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal.")
    private Path journal;

    @Option(names = "--bootstrap-servers", required = true, paramLabel = "HOST:PORT[,…]", description = "Where Kafka's brokers are found.")
    private String bootstrapServers;

    @Option(names = "--topic", required = true, paramLabel = "NAME", description = "Topic of the mirror.")
    private String topic;

    @Option(names = "--route", paramLabel = "CATEGORY=TOPIC", description = "The events of a category go to a topic of their own, whose"
        + " name begins with the mirror's and a dot; for ever. May be given again. Who reads a mirror need not tell, as long as its"
        + " progress is there.")
    private Map<String, String> routes = new LinkedHashMap<>();

    @Option(names = "--property", paramLabel = "K=V", description = "A property of Kafka's clients; may be given again.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = "--config", paramLabel = "FILE", description = "A file of such properties, for those that nobody should see.")
    private Path config;

    @Option(names = "--transaction-timeout-ms", paramLabel = "N", defaultValue = "60000",
        description = "After so long Kafka aborts what a mirror that died left open (${DEFAULT-VALUE}); a commit must reach Kafka in it.")
    private long transactionTimeoutMs;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and end.")
    private boolean help;

    Task(PrintStream out) {
        this.out = out;
    }

    /** Folder of the journal. */
    final Path journal() {
        return journal;
    }

    /** Opens the journal beside its owner. */
    final EventStore open() {
        if (!Files.isDirectory(journal)) throw new Failure("There is no journal: folder=" + journal);
        return EventStore.openReadOnly(journal, StoreSettings.create());
    }

    final BridgeSettings settings() throws IOException {
        try {
            BridgeSettings settings = BridgeSettings.create(bootstrapServers, topic)
                .transactionTimeout(Duration.ofMillis(transactionTimeoutMs));
            if (config != null) {
                Properties file = new Properties();
                try (Reader reader = Files.newBufferedReader(config)) {
                    file.load(reader);
                }
                file.stringPropertyNames().forEach(name -> settings.property(name, file.getProperty(name)));
            }
            properties.forEach(settings::property);
            for (Map.Entry<String, String> route : routes.entrySet()) {
                if (route.getKey().indexOf(REPLACEMENT) >= 0) {
                    throw misuse("The terminal's encoding cannot tell this category: category=" + route.getKey());
                }
                settings.route(route.getKey(), route.getValue());
            }
            return settings;
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    /** A value of an option that cannot be meant: exit code 2. */
    final ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
