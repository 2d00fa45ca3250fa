package io.daybook.kafka;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Where each entity's events lie: in the topic of its {@link Routes}, and there in the partition that Kafka's own partitioner gives its
 * name. It never changes while there is a mirror. Everything else names a partition by its index in {@link #partitions}, which goes over
 * all topics. Immutable.
 */
final class Layout {

    private final Routes routes;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, Integer> first = new HashMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();

    /** {@code count}: the number of a topic's partitions. */
    Layout(Routes routes, ToIntFunction<String> count) {
        this.routes = routes;
        for (String topic : routes.topics()) {
            int own = count.applyAsInt(topic);
            counts.put(topic, own);
            first.put(topic, partitions.size());
            for (int i = 0; i < own; i++) {
                partitions.add(new TopicPartition(topic, i));
            }
        }
    }

    /** Of a mirror that has one topic. */
    static Layout of(String topic, int partitions) {
        return new Layout(new Routes(topic, new TreeMap<>()), any -> partitions);
    }

    Routes routes() {
        return routes;
    }

    /** Number of a topic's partitions. */
    int count(String topic) {
        return counts.get(topic);
    }

    /** The partitions of all topics. */
    List<TopicPartition> partitions() {
        return Collections.unmodifiableList(partitions);
    }

    /** The index of an entity's partition, by its name in UTF-8. */
    int indexOf(byte[] entity) {
        String topic = routes.topicOf(entity);
        return first.get(topic) + RecordFormat.partition(entity, counts.get(topic));
    }

    /** The index of a partition of one of the topics. */
    int indexOf(String topic, int partition) {
        return first.get(topic) + partition;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout layout && layout.routes.equals(routes) && layout.counts.equals(counts);
    }

    @Override
    public int hashCode() {
        return 31 * routes.hashCode() + counts.hashCode();
    }

    /** As messages tell it. */
    @Override
    public String toString() {
        return "partitions=" + (routes.byCategory().isEmpty() ? String.valueOf(partitions.size())
                : counts + " routes=" + routes.byCategory());
    }
}
