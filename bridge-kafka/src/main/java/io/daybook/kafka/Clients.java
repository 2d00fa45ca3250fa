package io.daybook.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's clients, with the user's properties and, over them, those on which the guarantees rest. */
final class Clients {

    /** After so long of no answer an attempt is given up; the next one follows. */
    private static final String ATTEMPT_MS = "15000";
    private static final String REQUEST_MS = "10000";
    private static final int LEAST_REQUEST_BYTES = 1 << 20;
    private static final int LEAST_BUFFER_BYTES = 64 << 20;
    private static final long LEAST_DELIVERY_MS = 30_000;
    private static final int BATCH_BYTES = 256 << 10;
    private static final int FETCH_BYTES = 16 << 20;

    private final BridgeSettings settings;

    Clients(BridgeSettings settings) {
        this.settings = settings;
    }

    /** Creates a client, which opens connections in threads of its own. */
    Admin admin() {
        return Admin.create(properties(Map.of(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ATTEMPT_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS), Map.of(), AdminClientConfig.configNames()));
    }

    /** A producer whose transactions fence those of every other with this id. */
    Producer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> defaults = Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Long.toString(requestBytes()),
                ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(bufferBytes()),
                ProducerConfig.BATCH_SIZE_CONFIG, Long.toString(batchBytes()),
                ProducerConfig.MAX_BLOCK_MS_CONFIG, ATTEMPT_MS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(deliveryMs()),
                ProducerConfig.CLIENT_ID_CONFIG, "daybook-mirror-" + settings.topic());
        Map<String, Object> own = Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(settings.transactionTimeout().toMillis()),
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new KafkaProducer<>(properties(defaults, own, ProducerConfig.configNames()), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A consumer without a group that sees what is committed only, and says so when an offset is not there. */
    Consumer<byte[], byte[]> consumer() {
        return consumer("read_committed", "reader");
    }

    /** The same, which a mirror keeps beside readers of the same process. */
    Consumer<byte[], byte[]> mirrorsConsumer() {
        return consumer("read_committed", "mirror-reader");
    }

    /** The same, but it sees what is not committed, too. */
    Consumer<byte[], byte[]> consumerOfAll() {
        return consumer("read_uncommitted", "reader-of-all");
    }

    private Consumer<byte[], byte[]> consumer(String isolation, String name) {
        Map<String, Object> defaults = Map.of(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ATTEMPT_MS,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES,
                // A broker waits with its answer for more where a partition has ended, and with it for the partitions asked for next.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000,
                ConsumerConfig.CLIENT_ID_CONFIG, "daybook-" + name + "-" + settings.topic());
        Map<String, Object> own = Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.CHECK_CRCS_CONFIG, true,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(properties(defaults, own, ConsumerConfig.configNames()), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * How long a record may wait. Its time begins with {@code send}, so where a network is slow the last ones of a large transaction wait
     * for all before them: as long as the transaction may take, or it would be given up, and sent again, for ever.
     */
    long deliveryMs() {
        return given(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.max(LEAST_DELIVERY_MS, settings.transactionTimeout().toMillis()));
    }

    /** The largest request that the producer sends. */
    long requestBytes() {
        return given(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(LEAST_REQUEST_BYTES, 2 * settings.largestRecordBytes()));
    }

    /** The memory that the producer has for records. */
    long bufferBytes() {
        return given(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(LEAST_BUFFER_BYTES, 2 * settings.largestRecordBytes()));
    }

    /** The largest batch that the producer fills; a topic that takes less makes it send each one again, in halves. */
    long batchBytes() {
        return given(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    }

    private long given(String name, long otherwise) {
        String given = settings.properties().get(name);
        try {
            return given == null ? otherwise : Long.parseLong(given.trim());
        } catch (NumberFormatException e) {
            throw new ConfigException(name, given, "It is no number");
        }
    }

    /** Waits for what a broker answers; what it refuses with comes out as it is. */
    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    static void close(AutoCloseable client) {
        try {
            if (client instanceof Producer<?, ?> producer) {
                producer.close(Duration.ZERO); // a transaction that is open is aborted by its successor, or by the broker
            } else if (client instanceof Consumer<?, ?> consumer) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            } else if (client instanceof Admin admin) {
                admin.close(Duration.ZERO);
            } else if (client != null) {
                client.close();
            }
        } catch (Exception e) {
            // It is not needed any more, and what it was needed for has been told.
        }
    }

    /** What a client does not know is left out: it would warn of each. Names with a dot may be those of a login module's or a plug-in's. */
    private Map<String, Object> properties(Map<String, Object> defaults, Map<String, Object> own, Set<String> known) {
        Map<String, Object> all = new HashMap<>(defaults);
        all.putAll(settings.properties());
        all.putAll(own);
        all.put("bootstrap.servers", settings.bootstrapServers());
        all.keySet().removeIf(name -> isKnownElsewhere(name) && !known.contains(name));
        return all;
    }

    private static boolean isKnownElsewhere(String name) {
        return ProducerConfig.configNames().contains(name) || ConsumerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }
}
