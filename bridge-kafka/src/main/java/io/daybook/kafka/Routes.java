package io.daybook.kafka;

import io.daybook.Filter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which topic an entity's events go to: that of its category, or the mirror's own for all categories without one. Immutable.
 *
 * @param topic      the mirror's own
 * @param byCategory topics of categories
 */
record Routes(String topic, SortedMap<String, String> byCategory) {

    Routes {
        byCategory = Collections.unmodifiableSortedMap(new TreeMap<>(byCategory));
    }

    /** All topics, the mirror's own first. */
    List<String> topics() {
        Set<String> topics = new LinkedHashSet<>(List.of(topic));
        topics.addAll(byCategory.values());
        return List.copyOf(topics);
    }

    /** The topic of an entity, by its name in UTF-8. */
    String topicOf(byte[] entity) {
        return byCategory.isEmpty() ? topic
                : byCategory.getOrDefault(Filter.categoryOf(new String(entity, StandardCharsets.UTF_8)), topic);
    }
}
