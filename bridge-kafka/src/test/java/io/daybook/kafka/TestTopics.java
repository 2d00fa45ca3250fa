package io.daybook.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics that a test makes by itself. */
final class TestTopics {

    private TestTopics() {
    }

    /** Makes a topic and one for the progress; returns once both have leaders, which takes a moment after they were made. */
    static void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        create(new NewTopic(topic, partitions, (short) 1).configs(configs),
                new NewTopic(topic + ".progress", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
    }

    /** Makes these two; returns once both have leaders. */
    static void create(NewTopic topic, NewTopic progress) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            admin.createTopics(List.of(topic, progress)).all().get();
            Await.until("topics are there", () -> areThere(admin, topic.name(), progress.name()));
        }
    }

    /** How many partitions a topic has. */
    static int partitions(Admin admin, String topic) {
        try {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All there are. */
    static Set<String> names(Admin admin) {
        try {
            return admin.listTopics().names().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean areThere(Admin admin, String... topics) {
        try {
            return admin.describeTopics(List.of(topics)).allTopicNames().get().values().stream()
                    .allMatch(topic -> topic.partitions().stream().allMatch(partition -> partition.leader() != null));
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
