package io.daybook.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A Kafka broker, its own controller, in a JVM of its own on the loopback; it can be killed, stopped and started again at the same address.
 * Uses nothing but the JDK, so that it can be started from the test classes alone.
 */
final class BrokerProcess implements AutoCloseable {

    /** Settings of one that is killed and started: its controller takes it back when its former session ends, by default after 9 s. */
    static final String[] SOON_BACK = {"broker.session.timeout.ms=2500", "broker.heartbeat.interval.ms=500"};

    private static final String LIBRARIES = "daybook.kafka.libraries";
    private static final String BUILT = "broker/target/kafka";
    private static final String READY = "Kafka Server started";
    private static final int PATIENCE_S = 120;

    private final Path folder;
    private final Path settings;
    private final String address;
    private final String clusterId;
    private List<String> launcher = List.of();
    private Process process;

    private BrokerProcess(Path folder, Path settings, String address, String clusterId) {
        this.folder = folder;
        this.settings = settings;
        this.address = address;
        this.clusterId = clusterId;
    }

    /** Starts a broker at any free port; more settings are {@code name=value}. */
    static BrokerProcess start(Path folder, String... more) {
        return start(folder, Ports.free(), more);
    }

    /** Starts a broker at this port of the loopback; its storage is formatted if the folder has none. */
    static BrokerProcess start(Path folder, int port, String... more) {
        return start(folder, port, clusterId(), more);
    }

    /** Starts a broker with this number in the cluster of one that is its own controller. */
    static BrokerProcess join(BrokerProcess first, Path folder, int number, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        int port = Ports.free();
        all.addAll(List.of("process.roles=broker", "node.id=" + number, first.setting("controller.quorum.voters"),
                "listeners=PLAINTEXT://127.0.0.1:" + port));
        return start(folder, port, first.clusterId, all.toArray(new String[0]));
    }

    private String setting(String name) {
        try {
            return Files.readAllLines(settings).stream().filter(line -> line.startsWith(name + "="))
                    .reduce((first, last) -> last).orElseThrow(); // as Kafka reads them
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BrokerProcess start(Path folder, int port, String clusterId, String... more) {
        return start(List.of(), folder, port, clusterId, more);
    }

    /** Starts a broker by a program that starts others. */
    static BrokerProcess startBy(List<String> launcher, Path folder) {
        return start(launcher, folder, Ports.free(), clusterId());
    }

    private static BrokerProcess start(List<String> launcher, Path folder, int port, String clusterId, String... more) {
        try {
            Path data = Files.createDirectories(folder.toAbsolutePath()).resolve("data");
            String address = "127.0.0.1:" + port;
            Path settings = writeSettings(folder.toAbsolutePath(), data, address, more);
            BrokerProcess broker = new BrokerProcess(folder, settings, address, clusterId);
            if (!Files.exists(data.resolve("meta.properties"))) {
                broker.run("kafka.tools.StorageTool", "format", "-t", clusterId, "-c", settings.toString());
            }
            broker.launcher = launcher;
            broker.restart();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path writeSettings(Path folder, Path data, String address, String[] more) throws IOException {
        String controller = "127.0.0.1:" + Ports.free();
        List<String> all = new ArrayList<>(List.of("process.roles=broker,controller", "node.id=1", "log.dirs=" + data,
                "controller.quorum.voters=1@" + controller, "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://" + address + ",CONTROLLER://" + controller, "advertised.listeners=PLAINTEXT://" + address,
                "offsets.topic.replication.factor=1", "offsets.topic.num.partitions=1", "auto.create.topics.enable=false",
                "transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1", "transaction.state.log.num.partitions=1",
                "share.coordinator.state.topic.replication.factor=1", "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0", "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
                // The default is a buffer of 128 MB, which a small heap does not have.
                "log.cleaner.dedupe.buffer.size=4194304"));
        all.addAll(List.of(more));
        return Files.write(folder.resolve("server.properties"), all);
    }

    /** Starts it, which must not run, with what it had stored; returns once it is ready. */
    void restart() {
        try {
            List<String> command = new ArrayList<>(launcher);
            command.addAll(java("kafka.Kafka", settings.toString()));
            process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process started = process;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        CountDownLatch ready = new CountDownLatch(1);
        Thread reader = new Thread(() -> keepOutput(started, ready), "broker-output");
        reader.setDaemon(true);
        reader.start();
        try {
            if (!ready.await(PATIENCE_S, TimeUnit.SECONDS) || !started.isAlive()) {
                started.destroyForcibly();
                throw new IllegalStateException("The broker does not start:\n" + Files.readString(log()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            started.destroyForcibly();
            throw new IllegalStateException(e);
        }
    }

    /** Counts down when it is ready, and when it has ended. */
    private void keepOutput(Process started, CountDownLatch ready) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
                Writer log = Files.newBufferedWriter(log())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append('\n').flush();
                if (line.contains(READY)) {
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            // It was killed.
        } finally {
            ready.countDown();
        }
    }

    /** Where its clients find it. */
    String address() {
        return address;
    }

    /** What it said since it was started last. */
    Path log() {
        return folder.resolve("broker.log");
    }

    /** Kills it at once; it notices nothing. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(process);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    void awaitEnd() {
        process.onExit().join();
    }

    /** Sends it a signal: {@code STOP} and {@code CONT} freeze it and let it go on. */
    void signal(String name) {
        try {
            awaitEnd(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void run(String... program) throws IOException {
        Path output = folder.resolve("format.log");
        Process tool = new ProcessBuilder(java(program)).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        awaitEnd(tool);
        if (tool.exitValue() != 0) {
            throw new IOException("The broker's storage cannot be formatted:\n" + Files.readString(output));
        }
    }

    private static void awaitEnd(Process process) {
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A process does not end: pid=" + process.pid());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> java(String... program) {
        Path libraries = libraries();
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException("Kafka's broker is not there (mvn -pl bridge-kafka -am test-compile): folder=" + libraries);
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-cp",
                libraries.resolve("*").toString()));
        command.addAll(List.of(program));
        return command;
    }

    /** Where the build has put them, as seen from the module's classes, or where the system property says. */
    private static Path libraries() {
        String named = System.getProperty(LIBRARIES);
        if (named != null) {
            return Path.of(named);
        }
        try {
            Path classes = Path.of(BrokerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.getParent().resolveSibling(BUILT);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sixteen bytes as Kafka writes them; not one that begins as an option does. */
    private static String clusterId() {
        UUID id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits())
                .array();
        bytes[0] &= 0x7F;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
