package io.daybook.bench.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/** A Kafka broker, its own controller, in a JVM of its own on the loopback. Its libraries are not those of the benchmarks. */
final class KafkaServer implements AutoCloseable {

    private static final String PROPERTY = "daybook.bench.kafka";
    private static final String BUILT = "broker/target/kafka";
    private static final String SETTINGS_FILE = "server.properties";
    private static final String READY = "Kafka Server started";

    private final ServerProcess process;
    private final String address;

    private KafkaServer(ServerProcess process, String address) {
        this.process = process;
        this.address = address;
    }

    /** What is missing on this machine. */
    static Optional<String> missing() {
        if (Files.isDirectory(libraries())) return Optional.empty();
        return Optional.of("Kafka's broker is not there (mvn -Pservers package; or -D" + PROPERTY + "): folder="
                + libraries());
    }

    /** Starts the broker; its storage is formatted if the folder has none. Each setting is {@code name=value}. */
    static KafkaServer start(Path folder, List<String> settings) throws IOException {
        String why = missing().orElse(null);
        if (why != null) throw new IOException(why);
        Path data = Files.createDirectories(folder.toAbsolutePath()).resolve("data");
        String address = freeAddress();
        Path file = writeSettings(folder, data, address, settings);
        if (!Files.exists(data.resolve("meta.properties"))) {
            ServerProcess.run(folder, java("64m", "kafka.tools.StorageTool", "format", "-t", Uuid.randomUuid().toString(),
                    "-c", file.toString()));
        }
        ServerProcess process = ServerProcess.start(folder, java("512m", "kafka.Kafka", file.toString()));
        process.awaitReady(() -> process.hasSaid(READY));
        return new KafkaServer(process, address);
    }

    /** Where its clients find it. */
    String address() {
        return address;
    }

    @Override
    public void close() {
        process.close();
    }

    private static Path writeSettings(Path folder, Path data, String address, List<String> settings) throws IOException {
        String controller = freeAddress();
        List<String> all = new ArrayList<>(List.of("process.roles=broker,controller", "node.id=1", "log.dirs=" + data,
                "controller.quorum.voters=1@" + controller, "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://" + address + ",CONTROLLER://" + controller, "advertised.listeners=PLAINTEXT://" + address,
                "offsets.topic.replication.factor=1", "offsets.topic.num.partitions=1", "auto.create.topics.enable=false",
                // The controller forces a record that says nothing, by default twice a second.
                "metadata.max.idle.interval.ms=10000",
                // The default is a buffer of 128 MB, for compacted topics, of which there is none.
                "log.cleaner.dedupe.buffer.size=4194304"));
        all.addAll(settings);
        return Files.write(folder.toAbsolutePath().resolve(SETTINGS_FILE), all);
    }

    private static List<String> java(String heap, String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Paths.get(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap, "-XX:+UseG1GC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-cp", libraries().resolve("*").toString(),
                program));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Where the build has put them, as seen from the benchmarks' jar or classes, or where the system property says. */
    private static Path libraries() {
        String named = System.getProperty(PROPERTY);
        if (named != null) return Paths.get(named);
        URI origin = URI.create(KafkaServer.class.getProtectionDomain().getCodeSource().getLocation().toString());
        return Paths.get(origin).getParent().resolveSibling(BUILT);
    }

    private static String freeAddress() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }
}
