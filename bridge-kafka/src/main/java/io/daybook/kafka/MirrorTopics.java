package io.daybook.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;

/** Finds the layout of a mirror that is there, for who makes no topics; for the mirror {@link TopicCheck} does. */
final class MirrorTopics {

    private MirrorTopics() {
    }

    /**
     * Topics and partitions, as they are; the routes are those that the progress tells, or the settings where there is no progress.
     *
     * @throws BridgeException if a topic is missing, or they are not as they were when the mirror began
     */
    static Layout layout(Consumer<byte[], byte[]> consumer, BridgeSettings settings, Optional<Progress> progress) {
        Routes routes = progress.map(known -> known.layout().routes()).orElse(settings.routes());
        if (!settings.routes().byCategory().isEmpty() && !settings.routes().equals(routes)) {
            throw new BridgeException("The mirror has other routes: topic=" + settings.topic() + " routes=" + settings.routes().byCategory()
                    + " needed=" + routes.byCategory());
        }
        Layout there = new Layout(routes, topic -> count(consumer, topic));
        progress.filter(known -> !known.layout().equals(there)).ifPresent(known -> {
            throw new BridgeException("The topic has another number of partitions than when its mirror began: topic=" + settings.topic()
                    + " " + there + " needed: " + known.layout());
        });
        return there;
    }

    private static int count(Consumer<byte[], byte[]> consumer, String topic) {
        int count = consumer.partitionsFor(topic).size();
        if (count == 0) {
            throw new BridgeException("The topic does not exist: topic=" + topic);
        }
        return count;
    }
}
