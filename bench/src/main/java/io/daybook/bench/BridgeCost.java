package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.StoreSettings;
import io.daybook.kafka.BridgeSettings;
import io.daybook.kafka.KafkaBridge;
import io.daybook.kafka.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * W12: a journal that is there already is mirrored, beside a bare transactional producer that sends some of the same records, made before,
 * with the same settings in transactions of as many; and what a running mirror, and one that finds no broker, do to appends beside it, open
 * loop. In turns. Once also how fast a mirror is compared with its journal, and the journal made anew.
 */
final class BridgeCost {

    private static final int ENTITIES = 10_000;
    private static final int PARTITIONS = 12;
    private static final int KEPT_RECORDS = 50_000; // sent again and again: a million would burden each collection
    private static final int TRANSACTION_EVENTS = 20_000; // as the bridge does
    private static final Duration LONG = Duration.ofMinutes(10);

    /** What runs beside appends. */
    private enum Beside {
        NOTHING("nothing"), MIRROR("a mirror"), LOST_MIRROR("a mirror that finds no broker");

        private final String title;

        Beside(String title) {
            this.title = title;
        }
    }

    private static final String NOBODY = "127.0.0.1:1"; // where no broker listens

    private final String servers;
    private final Path folder;
    private final Program options;

    private BridgeCost(Program options, Path folder) {
        this.options = options;
        this.folder = folder;
        servers = options.servers;
    }

    /** The program. */
    @Command(name = "bridge", description = "W12: the mirror to Kafka beside a bare producer, and appends beside it. Needs a broker.")
    static final class Program extends FigureProgram {
        @Option(names = "--bootstrap-servers", required = true, description = "the broker", paramLabel = "HOST:PORT")
        private String servers;

        @Option(names = "--rounds", description = "rounds", defaultValue = "5", paramLabel = "N")
        private int rounds;

        @Option(names = "--events", description = "events that are mirrored in each", defaultValue = "1000000", paramLabel = "N")
        private int events;

        @Option(names = "--rate", description = "appends a second beside the mirror", defaultValue = "10000", paramLabel = "N")
        private int rate;

        @Option(names = "--seconds", description = "seconds of appends", defaultValue = "10", paramLabel = "N")
        private int seconds;

        @Option(names = "--batch-delay-ms", description = "the mirror's; without it its default", paramLabel = "N")
        private Integer batchDelayMs;

        @Override
        void run(Path base, Figures figures) throws Exception {
            try (Scratch scratch = Scratch.createIn(base)) {
                figures.describe("rounds=" + rounds + ", events=" + events + ", rate=" + rate + ", seconds=" + seconds + ", partitions="
                        + PARTITIONS + ", entities=" + ENTITIES + ", payloadBytes=" + Payment.PAYLOAD_BYTES + ", "
                        + Machine.describe(base));
                BridgeCost cost = new BridgeCost(this, scratch.path("."));
                cost.throughput(figures);
                cost.latency(figures);
            }
        }
    }

    private BridgeSettings settings(String topic) {
        BridgeSettings settings = BridgeSettings.create(servers, topic).createTopics(PARTITIONS, 1, 1);
        return options.batchDelayMs == null ? settings : settings.batchDelay(Duration.ofMillis(options.batchDelayMs));
    }

    private BridgeSettings settings(String topic, Beside beside) {
        return beside == Beside.MIRROR ? settings(topic)
                : BridgeSettings.create(NOBODY, topic).backOff(Duration.ofMillis(200), Duration.ofSeconds(1))
                        .property("default.api.timeout.ms", "1000").property("request.timeout.ms", "1000");
    }

    private static String newTopic() {
        return "bench-" + UUID.randomUUID();
    }

    private void throughput(Figures figures) throws Exception {
        double[] mirrored = new double[options.rounds];
        double[] bare = new double[options.rounds];
        try (EventStore store = EventStore.open(folder.resolve("journal"), StoreSettings.create())) {
            long last = fill(store);
            String topic = newTopic();
            mirror(store, topic, last);
            List<ConsumerRecord<byte[], byte[]>> records = read(topic);
            send(records, newTopic());
            for (int round = 0; round < options.rounds; round++) {
                mirrored[round] = mirror(store, newTopic(), last);
                bare[round] = send(records, newTopic());
            }
            back(figures, store, topic);
        }
        figures.print("bare transactional producer", Figures.median(bare), "/s", "");
        figures.print("mirror", Figures.median(mirrored), "/s", "");
        figures.print("mirror : bare producer", Figures.median(mirrored) / Figures.median(bare), "", ">= 0.8");
    }

    /** What it takes to compare a mirror with its journal, and to make the journal anew, which must then be its source in every field. */
    private void back(Figures figures, EventStore store, String topic) {
        long beganNs = System.nanoTime();
        Verification verification = KafkaBridge.verify(store, settings(topic));
        long verifiedNs = System.nanoTime();
        requireEqual(verification);
        long events = KafkaBridge.restore(folder.resolve("restored"), StoreSettings.create(), settings(topic), (position, end) -> { })
                .events();
        figures.print("verify", verification.events() * 1e9 / (verifiedNs - beganNs), "/s", "");
        figures.print("restore", events * 1e9 / (System.nanoTime() - verifiedNs), "/s", "");
        try (EventStore restored = EventStore.open(folder.resolve("restored"), StoreSettings.create())) {
            requireEqual(KafkaBridge.verify(restored, settings(topic)));
        }
    }

    private void requireEqual(Verification verification) {
        if (!verification.isEqual() || verification.events() != options.events) {
            throw new IllegalStateException("The mirror differs from a journal: " + verification);
        }
    }

    private long fill(EventStore store) {
        Appender appender = store.appender();
        String[] names = Entities.names(ENTITIES);
        long last = 0;
        for (int i = 0; i < options.events; i++) {
            last = Payment.append(appender, names[i % ENTITIES], i / ENTITIES - 1, i);
        }
        store.awaitDurable(last, Durability.DISK, LONG);
        return last;
    }

    /** Events a second, from the look at the topics on. */
    private double mirror(EventStore store, String topic, long last) throws InterruptedException {
        try (KafkaBridge bridge = KafkaBridge.start(store, settings(topic))) {
            require(bridge.awaitMirroring(LONG), "The mirror did not begin");
            long beganNs = System.nanoTime();
            require(bridge.awaitPosition(last, LONG), "The mirror did not come to the end");
            return (last + 1) * 1e9 / (System.nanoTime() - beganNs);
        }
    }

    private static void require(boolean done, String otherwise) {
        if (!done) {
            throw new IllegalStateException(otherwise + ": waitedMinutes=" + LONG.toMinutes());
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(KEPT_RECORDS);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers, "isolation.level",
                "read_committed"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (records.size() < Math.min(KEPT_RECORDS, options.events)) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
        return records;
    }

    /** Records a second. The topic is made by a mirror that finds nothing to do, so that it is like the others. */
    private double send(List<ConsumerRecord<byte[], byte[]>> records, String topic) throws InterruptedException {
        makeTopic(topic);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers, "transactional.id", topic,
                "acks", "all", "batch.size", "262144", "max.request.size", "2237152", "buffer.memory", "67108864"),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            long beganNs = System.nanoTime();
            for (int from = 0; from < options.events; from += TRANSACTION_EVENTS) {
                producer.beginTransaction();
                for (int i = from; i < Math.min(options.events, from + TRANSACTION_EVENTS); i++) {
                    ConsumerRecord<byte[], byte[]> each = records.get(i % records.size());
                    producer.send(new ProducerRecord<>(topic, each.partition(), each.timestamp(), each.key(), each.value(),
                            each.headers()));
                }
                producer.commitTransaction();
            }
            return options.events * 1e9 / (System.nanoTime() - beganNs);
        }
    }

    private void makeTopic(String topic) throws InterruptedException {
        try (EventStore empty = EventStore.open(folder.resolve(topic), StoreSettings.create());
                KafkaBridge bridge = KafkaBridge.start(empty, settings(topic))) {
            require(bridge.awaitMirroring(LONG), "The topic was not made");
        }
    }

    /** All in turns, each round beginning with the next, so that what the machine does hits all alike. */
    private void latency(Figures figures) throws Exception {
        Map<Beside, double[]> p50 = new EnumMap<>(Beside.class);
        Map<Beside, double[]> p99 = new EnumMap<>(Beside.class);
        append(Beside.NOTHING);
        for (int round = 0; round < options.rounds; round++) {
            for (int i = 0; i < Beside.values().length; i++) {
                Beside beside = Beside.values()[(round + i) % Beside.values().length];
                Histogram times = append(beside);
                p50.computeIfAbsent(beside, any -> new double[options.rounds])[round] = times.getValueAtPercentile(50) / 1e3;
                p99.computeIfAbsent(beside, any -> new double[options.rounds])[round] = times.getValueAtPercentile(99) / 1e3;
            }
        }
        for (Beside each : Beside.values()) {
            figures.print("append p50 beside " + each.title, Figures.median(p50.get(each)), "us", "");
            figures.print("append p99 beside " + each.title, Figures.median(p99.get(each)), "us", "");
        }
        for (Beside each : EnumSet.complementOf(EnumSet.of(Beside.NOTHING))) {
            print(figures, "append p50, beside " + each.title + " : alone", p50, each);
            print(figures, "append p99, beside " + each.title + " : alone", p99, each);
        }
    }

    private static void print(Figures figures, String what, Map<Beside, double[]> times, Beside beside) {
        figures.print(what, Figures.median(times.get(beside)) / Figures.median(times.get(Beside.NOTHING)), "", "<= 1.2");
    }

    /** Times from when each append was meant to begin, in nanoseconds; the journal is forced ten times a second, so that it is mirrored. */
    private Histogram append(Beside beside) throws Exception {
        String name = newTopic();
        StoreSettings settings = StoreSettings.create().forceInterval(Duration.ofMillis(100));
        try (EventStore store = EventStore.open(folder.resolve(name), settings);
                KafkaBridge bridge = beside == Beside.NOTHING ? null : KafkaBridge.start(store, settings(name, beside))) {
            if (beside == Beside.MIRROR) {
                require(bridge.awaitMirroring(LONG), "The mirror did not begin");
            }
            Histogram times = keepRate(store.appender());
            if (beside == Beside.MIRROR) {
                require(bridge.awaitPosition(store.endPosition() - 1, LONG), "The mirror did not come to the end");
            } else if (beside == Beside.LOST_MIRROR) {
                requireNoticed(bridge);
            }
            return times;
        } finally {
            Scratch.delete(folder.resolve(name));
        }
    }

    private void requireNoticed(KafkaBridge bridge) {
        if (bridge.status().retries() == 0) {
            throw new IllegalStateException("The mirror did not notice that there is no broker: seconds=" + options.seconds);
        }
    }

    private Histogram keepRate(Appender appender) {
        Histogram times = new Histogram(3);
        String[] names = Entities.names(ENTITIES);
        int events = options.rate * options.seconds;
        long betweenNs = TimeUnit.SECONDS.toNanos(1) / options.rate;
        long beginNs = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long intended = beginNs + i * betweenNs;
            while (System.nanoTime() < intended) {
                Thread.onSpinWait();
            }
            Payment.append(appender, names[i % ENTITIES], i / ENTITIES - 1, i);
            if (i >= events / 10) {
                times.recordValue(System.nanoTime() - intended);
            }
        }
        return times;
    }
}
