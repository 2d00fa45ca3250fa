package io.daybook.kafka;

import io.daybook.StoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the topics are what the mirror needs, and makes them when asked. Every refusal names the setting. */
final class TopicCheck {

    private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
    private static final long SEEN_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String FOR_EVER = "-1";
    private static final String BEFORE_MAX = "message.timestamp.before.max.ms";
    private static final String AFTER_MAX = "message.timestamp.after.max.ms";

    /** What 64 MiB take at 2 MiB a second. */
    private static final Duration FOR_LARGEST_COMMIT = Duration.ofSeconds(32);

    /** Room for a batch around one record. */
    private static final int BATCH_BYTES = 1024;

    private final BridgeSettings settings;
    private final Clients clients;
    private final Admin admin;
    private boolean first;
    private Uuid progressTopic;

    TopicCheck(BridgeSettings settings, Clients clients, Admin admin) {
        this.settings = settings;
        this.clients = clients;
        this.admin = admin;
    }

    /**
     * The topics with their partitions, once all is as it must be.
     *
     * @param firstLook also looks at what may change while it is mirrored, and should not stop it then
     * @throws BridgeException if it is not
     * @throws KafkaException  if nobody answers
     */
    Layout layout(boolean firstLook) {
        first = firstLook;
        checkProducer();
        List<String> names = new ArrayList<>(settings.routes().topics());
        names.add(settings.progressTopic());
        Map<String, TopicDescription> topics = describe(names);
        if (topics.size() < names.size()) {
            create(names.stream().filter(name -> !topics.containsKey(name)).toList());
            topics.putAll(made(names));
        }
        TopicDescription progress = topics.get(settings.progressTopic());
        if (progress.partitions().size() != 1) {
            throw refusal(settings.progressTopic(), "It must have one partition", "partitions", progress.partitions().size(), 1);
        }
        topics.values().forEach(TopicCheck::requireLeaders);
        settings.routes().topics().forEach(name -> checkTopic(topics.get(name)));
        checkProgress(progress);
        progressTopic = progress.topicId();
        return new Layout(settings.routes(), name -> topics.get(name).partitions().size());
    }

    /** Which topic of its name the progress has; behind {@link #layout}. */
    Uuid progressTopic() {
        return progressTopic;
    }

    /** All of them, for which a moment is waited: a broker that is asked may not have heard of what another has made. */
    private Map<String, TopicDescription> made(List<String> names) {
        long beganNs = System.nanoTime();
        while (true) {
            Map<String, TopicDescription> found = describe(names);
            boolean seen = found.size() == names.size() && found.values().stream().allMatch(topic -> leaderless(topic).isEmpty());
            if (seen) {
                return found;
            }
            if (System.nanoTime() - beganNs > SEEN_NS) {
                throw new KafkaException("The topics that were made are not seen yet: topics=" + names + " seen=" + found.keySet());
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** A partition has none while its brokers are gone, and for a moment after it was made: waiting helps. */
    private static void requireLeaders(TopicDescription topic) {
        leaderless(topic).ifPresent(partition -> {
            throw new KafkaException("A partition has no leader: topic=" + topic.name() + " partition=" + partition.partition());
        });
    }

    private static Optional<TopicPartitionInfo> leaderless(TopicDescription topic) {
        return topic.partitions().stream().filter(partition -> partition.leader() == null).findFirst();
    }

    private void create(List<String> missing) {
        if (!missing.contains(settings.progressTopic())) {
            throw new BridgeException("A topic of the mirror does not exist, but its progress does: it was deleted, or its route is new,"
                    + " and routes cannot be added. To begin anew delete all topics of the mirror, or mirror to another: missing="
                    + missing.get(0) + " there=" + settings.progressTopic());
        }
        if (settings.newTopics() == null) {
            throw new BridgeException("A topic does not exist: topic=" + missing.get(0) + " (createTopics, --create-topic, makes it)");
        }
        for (String name : missing) { // the progress last: where it is, all others are
            try {
                Clients.get(admin.createTopics(List.of(newTopic(name))).all());
                LOG.info("A topic was made: topic={} {}", name, settings.newTopics());
            } catch (TopicExistsException e) {
                LOG.info("A topic was made by another: topic={}", name);
            }
        }
    }

    private NewTopic newTopic(String name) {
        return name.equals(settings.progressTopic())
                ? newTopic(name, 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT))
                : newTopic(name, settings.newTopics().partitions(), Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG, FOR_EVER, TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(largestBatchBytes()),
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
                        BEFORE_MAX, Long.toString(Long.MAX_VALUE), AFTER_MAX, Long.toString(Long.MAX_VALUE)));
    }

    private NewTopic newTopic(String name, int partitions, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(configs);
        all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.newTopics().minInSyncReplicas()));
        all.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return new NewTopic(name, partitions, (short) settings.newTopics().replicationFactor()).configs(all);
    }

    private void checkTopic(TopicDescription description) {
        Map<String, String> configs = configs(description.name());
        require(description, configs, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                "It must not be compacted, which would take events away");
        require(description, configs, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime", "Its records must keep the events' times");
        require(description, configs, TopicConfig.RETENTION_MS_CONFIG, FOR_EVER, "It must keep events for ever");
        require(description, configs, TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER, "It must keep events however many there are");
        require(description, configs, BEFORE_MAX, Long.toString(Long.MAX_VALUE), "It must take events of any time");
        require(description, configs, AFTER_MAX, Long.toString(Long.MAX_VALUE), "It must take events of any time");
        long largest = Long.parseLong(configs.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, FOR_EVER));
        if (largest < largestBatchBytes()) {
            throw refusal(description.name(), "The largest event of the journal, or a batch, does not fit",
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest,
                    largestBatchBytes() + " maxPayloadBytes=" + settings.maxPayloadBytes() + " batch.size=" + clients.batchBytes());
        }
        checkReplicas(description, configs);
    }

    private void checkProgress(TopicDescription description) {
        Map<String, String> configs = configs(description.name());
        require(description, configs, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                "It must be compacted, or the newest progress would be deleted in time");
        checkReplicas(description, configs);
    }

    private void checkReplicas(TopicDescription description, Map<String, String> configs) {
        String unclean = configs.get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);
        if (Boolean.parseBoolean(unclean)) {
            throw refusal(description.name(), "It must not lose what was acknowledged when a leader is lost",
                    TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, unclean, false);
        }
        int replicas = description.partitions().stream().mapToInt(partition -> partition.replicas().size()).min().orElse(0);
        int least = Integer.parseInt(configs.getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1"));
        if (least > replicas) {
            throw refusal(description.name(), "More replicas must have a record than there are", TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    least, "at most " + replicas);
        }
        if (first && settings.newTopics() != null) {
            requireAtLeast(description, "replication.factor", replicas, settings.newTopics().replicationFactor());
            requireAtLeast(description, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, least, settings.newTopics().minInSyncReplicas());
        }
        if (replicas > 1 && least < 2) {
            LOG.warn("One broker alone may acknowledge, and be lost with what it did: topic={} {}={} replicas={}", description.name(),
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, least, replicas);
        }
    }

    private void checkProducer() {
        long largest = settings.largestRecordBytes();
        if (first && settings.transactionTimeout().compareTo(FOR_LARGEST_COMMIT) < 0) {
            LOG.warn("The largest commit may not reach Kafka in time, and would be sent again and again: transactionTimeoutMs={}"
                    + " mostBytes={}", settings.transactionTimeout().toMillis(), StoreSettings.MAX_COMMIT_BYTES);
        }
        if (clients.requestBytes() < largest) {
            throw new BridgeException("The largest event of the journal is more than the client sends: max.request.size="
                    + clients.requestBytes() + " least=" + largest + " maxPayloadBytes=" + settings.maxPayloadBytes());
        }
        if (clients.bufferBytes() < largest) {
            throw new BridgeException("The largest event of the journal is more than the client has memory for: buffer.memory="
                    + clients.bufferBytes() + " least=" + largest + " maxPayloadBytes=" + settings.maxPayloadBytes());
        }
    }

    private long largestBatchBytes() {
        return Math.max(settings.largestRecordBytes(), clients.batchBytes()) + BATCH_BYTES;
    }

    /** Who says how topics are to be made does not want one that was made with less. */
    private static void requireAtLeast(TopicDescription topic, String setting, int found, int asked) {
        if (found < asked) {
            throw refusal(topic.name(), "It was made with less than is asked for", setting, found, "at least " + asked);
        }
    }

    private static void require(TopicDescription topic, Map<String, String> configs, String name, String needed, String why) {
        String found = configs.get(name);
        if (!needed.equals(found)) {
            throw refusal(topic.name(), why, name, found, needed);
        }
    }

    private static BridgeException refusal(String topic, String why, String setting, Object found, Object needed) {
        return new BridgeException("The topic cannot hold a mirror. " + why + ": topic=" + topic + " " + setting + "=" + found + " needed="
                + needed);
    }

    /** Those that exist. */
    private Map<String, TopicDescription> describe(List<String> topics) {
        Map<String, TopicDescription> found = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, future) -> {
            try {
                found.put(topic, Clients.get(future));
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debug("A topic does not exist: topic={}", topic);
            }
        });
        return found;
    }

    private Map<String, String> configs(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = Clients.get(admin.describeConfigs(List.of(resource)).values().get(resource));
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            values.put(entry.name(), entry.value());
        }
        return values;
    }
}
