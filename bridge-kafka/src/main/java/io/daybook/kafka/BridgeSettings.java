package io.daybook.kafka;

import io.daybook.Filter;
import io.daybook.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a journal is mirrored to, and how. Filled in by the caller, then concluded: {@code start} takes a copy, so later changes have no
 * effect. A value that is out of range is refused at once, settings that contradict each other when they are concluded, both with an
 * {@link IllegalArgumentException}. One thread.
 */
public final class BridgeSettings {

    /** What the guarantees rest on, or the bridge itself fills in. */
    private static final Set<String> OWN = Set.of("bootstrap.servers", "transactional.id", "acks", "enable.idempotence", "isolation.level",
            "key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "enable.auto.commit", "auto.offset.reset",
            "group.id", "partitioner.class", "interceptor.classes", "allow.auto.create.topics", "check.crcs", "transaction.timeout.ms");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,240}");
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final int ROUTE_LENGTH = 80; // the names of its fields, and numbers
    private static final int MOST_ROUTES_LENGTH = 512 << 10; // half of what a topic takes where nothing else was said

    /** Of a topic. */
    static final int MOST_PARTITIONS = 100_000;

    private final String bootstrapServers;
    private final String topic;
    private final Map<String, String> properties = new TreeMap<>();
    private final SortedMap<String, String> routes = new TreeMap<>();
    private NewTopics newTopics;
    private int maxPayloadBytes = 1 << 20;
    private int batchEvents = 20_000;
    private long batchBytes = 16L << 20;
    private Duration batchDelay = Duration.ofMillis(10);
    private Duration transactionTimeout = Duration.ofMinutes(1);
    private Duration firstBackOff = Duration.ofMillis(200);
    private Duration longestBackOff = Duration.ofSeconds(10);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private ThreadFactory threadFactory = Thread::new;
    private long restoreTo = Long.MAX_VALUE;

    /**
     * How topics are made that are missing.
     *
     * @param partitions        of a topic of events; for ever
     * @param replicationFactor of all topics
     * @param minInSyncReplicas of all topics: so many must have a commit before it counts
     */
    record NewTopics(int partitions, int replicationFactor, int minInSyncReplicas) {
    }

    private BridgeSettings(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    /**
     * The defaults, to be changed.
     *
     * @param bootstrapServers {@code host:port}, or several with commas between them
     * @param topic            1 to 240 letters, digits, {@code . _ -}; how far the mirror is stands in a second one, {@code TOPIC.progress}
     */
    public static BridgeSettings create(String bootstrapServers, String topic) {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        requireName(topic);
        return new BridgeSettings(bootstrapServers, topic);
    }

    private static void requireName(String topic) {
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("A topic's name is 1 to 240 letters, digits, '.', '_', '-': topic=" + topic);
        }
    }

    BridgeSettings conclude() {
        if (batchDelay.compareTo(transactionTimeout.dividedBy(2)) > 0) {
            throw new IllegalArgumentException("Kafka would abort a transaction before it is due: batchDelay=" + batchDelay
                    + " transactionTimeout=" + transactionTimeout + " (at least twice as long)");
        }
        int routesLength = routes.entrySet().stream().mapToInt(route -> ROUTE_LENGTH + 3 * (route.getKey().length() * 3
                + route.getValue().length())).sum();
        if (routesLength > MOST_ROUTES_LENGTH) {
            throw new IllegalArgumentException("There are more routes than a record of the progress should hold: routes=" + routes.size()
                    + " bytes=" + routesLength + " mostBytes=" + MOST_ROUTES_LENGTH);
        }
        BridgeSettings copy = new BridgeSettings(bootstrapServers, topic);
        copy.properties.putAll(properties);
        copy.routes.putAll(routes);
        copy.newTopics = newTopics;
        copy.maxPayloadBytes = maxPayloadBytes;
        copy.restoreTo = restoreTo;
        copy.batchEvents = batchEvents;
        copy.batchBytes = batchBytes;
        copy.batchDelay = batchDelay;
        copy.transactionTimeout = transactionTimeout;
        copy.firstBackOff = firstBackOff;
        copy.longestBackOff = longestBackOff;
        copy.closeTimeout = closeTimeout;
        copy.threadFactory = threadFactory;
        return copy;
    }

    /**
     * A property of Kafka's clients, such as those of TLS and SASL; each client takes those that it knows. Secrets
     * are never logged; {@code security.protocol}, {@code sasl.mechanism} and what Kafka's client quotes of a value that it cannot take
     * are.
     *
     * @throws IllegalArgumentException if the bridge sets it itself
     */
    public BridgeSettings property(String name, String value) {
        if (OWN.contains(name)) {
            throw new IllegalArgumentException("The bridge sets this property of the clients itself: name=" + name);
        }
        properties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * The events of a category ({@link io.daybook.Filter}) go to a topic of their own, or one that several categories share; those of all
     * others go to the mirror's topic. A transaction holds whole commits whatever topics they go to. The routes are set when the mirror
     * begins, for ever: with others it is refused.
     *
     * @param category what stands before the first {@code -} of an entity's name, or the name; exactly, as a filter compares
     * @param toTopic  begins with the mirror's own and a dot, so that two mirrors that would share it are noticed; not that of its progress
     */
    public BridgeSettings route(String category, String toTopic) {
        requireName(toTopic);
        if (!toTopic.startsWith(topic + ".") || toTopic.equals(progressTopic())) {
            throw new IllegalArgumentException("The topic of a route begins with the mirror's and a dot, and is not that of its progress: "
                    + "category=" + category + " topic=" + toTopic + " needed=" + topic + ".…");
        }
        if (!Filter.categoryOf(category).equals(category) || category.isEmpty()
                || !StandardCharsets.UTF_8.newEncoder().canEncode(category)) {
            throw new IllegalArgumentException("No entity has this category: category=" + category);
        }
        if (!toTopic.equals(routes.getOrDefault(category, toTopic))) {
            throw new IllegalArgumentException("A category has one route: category=" + category + " topic=" + routes.get(category)
                    + " second=" + toTopic);
        }
        routes.put(category, toTopic);
        return this;
    }

    /**
     * Makes topics that are missing: nothing is ever deleted from them, and they take the largest event.
     *
     * @param partitions        of each topic of events, for ever: an entity's partition depends on their number
     * @param replicationFactor of all topics
     * @param minInSyncReplicas at most as many; so many must have a commit before it counts
     */
    public BridgeSettings createTopics(int partitions, int replicationFactor, int minInSyncReplicas) {
        within("partitions", partitions, 1, MOST_PARTITIONS);
        within("replicationFactor", replicationFactor, 1, Short.MAX_VALUE);
        within("minInSyncReplicas", minInSyncReplicas, 1, replicationFactor);
        newTopics = new NewTopics(partitions, replicationFactor, minInSyncReplicas);
        return this;
    }

    /** A transaction with so many events takes no further commit; default 20,000. A larger commit has a transaction of its own. */
    public BridgeSettings batchEvents(int events) {
        batchEvents = (int) within("batchEvents", events, 1, Integer.MAX_VALUE);
        return this;
    }

    /** A transaction with so many bytes of payload and metadata takes no further commit; default 16 MiB. */
    public BridgeSettings batchBytes(long bytes) {
        batchBytes = within("batchBytes", bytes, 1, Long.MAX_VALUE);
        return this;
    }

    /**
     * A transaction that is not full is committed so long after it began, or, while more is in the journal at once, after 200 ms; default
     * 10 ms; zero: as soon as nothing more is there. At most half of {@link #transactionTimeout}, which {@code start} checks.
     */
    public BridgeSettings batchDelay(Duration delay) {
        batchDelay = within("batchDelay", delay, Duration.ZERO);
        return this;
    }

    /**
     * After so long Kafka aborts a transaction that is not committed, so that consumers are not held up by a mirror that died; it is sent
     * again. Default a minute; at least a second.
     */
    public BridgeSettings transactionTimeout(Duration timeout) {
        transactionTimeout = within("transactionTimeout", timeout, Duration.ofSeconds(1));
        return this;
    }

    /** How long to wait before trying again: at first, and, doubled each time, at most. Default 200 ms and 10 s. */
    public BridgeSettings backOff(Duration first, Duration longest) {
        firstBackOff = within("firstBackOff", first, Duration.ofMillis(1));
        longestBackOff = within("longestBackOff", longest, first);
        return this;
    }

    /** How long {@link KafkaBridge#close} lets the transaction that is under way come to its end before it gives it up; default 10 s. */
    public BridgeSettings closeTimeout(Duration timeout) {
        closeTimeout = within("closeTimeout", timeout, Duration.ZERO);
        return this;
    }

    /**
     * A {@link KafkaBridge#restore} takes the events before this position, which must be where a commit begins, and no others; a mirror
     * and {@code verify} pay no heed to it. By default it takes all that the mirror had reached, and refuses where one of them is missing;
     * this way what is whole can be had nevertheless. The journal that is made so lacks events that its mirror may have told others of, and
     * cannot be mirrored to the same topics again.
     */
    public BridgeSettings restoreTo(long position) {
        restoreTo = within("restoreTo", position, 1, Long.MAX_VALUE);
        return this;
    }

    /** Makes the bridge's thread, which it names {@code daybook-kafka-TOPIC} and makes a daemon. Kafka's clients start their own. */
    public BridgeSettings threadFactory(ThreadFactory factory) {
        threadFactory = Objects.requireNonNull(factory, "factory");
        return this;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** For messages: where Kafka is looked for, and how. */
    String whereAndHow() {
        String mechanism = properties.get("sasl.mechanism");
        return "bootstrapServers=" + bootstrapServers + " security.protocol=" + properties.getOrDefault("security.protocol", "PLAINTEXT")
                + (mechanism == null ? "" : " sasl.mechanism=" + mechanism);
    }

    String topic() {
        return topic;
    }

    TopicPartition progressPartition() {
        return new TopicPartition(progressTopic(), 0);
    }

    /** All partitions of the mirror: those of the layout, by its indices, and that of the progress behind them. */
    List<TopicPartition> partitions(Layout layout) {
        List<TopicPartition> all = new ArrayList<>(layout.partitions());
        all.add(progressPartition());
        return all;
    }

    String progressTopic() {
        return topic + ".progress";
    }

    Routes routes() {
        return new Routes(topic, routes);
    }

    Map<String, String> properties() {
        return properties;
    }

    NewTopics newTopics() {
        return newTopics;
    }

    /** The largest payload that the mirrored journal takes; what Kafka and its clients must let through follows from it. */
    BridgeSettings maxPayloadBytes(int bytes) {
        maxPayloadBytes = bytes;
        return this;
    }

    int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    int batchEvents() {
        return batchEvents;
    }

    long batchBytes() {
        return batchBytes;
    }

    Duration batchDelay() {
        return batchDelay;
    }

    Duration transactionTimeout() {
        return transactionTimeout;
    }

    Duration firstBackOff() {
        return firstBackOff;
    }

    Duration longestBackOff() {
        return longestBackOff;
    }

    Duration closeTimeout() {
        return closeTimeout;
    }

    long restoreTo() {
        return restoreTo;
    }

    ThreadFactory threadFactory() {
        return threadFactory;
    }

    /** The largest record that an event of the journal can become, in bytes. */
    long largestRecordBytes() {
        return RecordFormat.largestRecordBytes(maxPayloadBytes, StoreSettings.MAX_METADATA_BYTES, StoreSettings.MAX_ENTITY_BYTES,
                StoreSettings.MAX_TYPE_BYTES);
    }

    private static long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("A setting is out of range: " + name + "=" + value + " least=" + least + " most=" + most);
        }
        return value;
    }

    private static Duration within(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A setting is out of range: " + name + "=" + value + " least=" + least + " most=" + LONGEST);
        }
        return value;
    }
}
