package io.daybook.kafka;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether another mirror has the topics that one which begins wants for its own: as long as they are empty, no record would tell. The
 * topics of routes have their mirror's name before a dot, so whoever else may have one is found by names. Two that begin at once are not
 * noticed, nor is one whose progress this one has no right to read, which is logged. One thread.
 */
final class TopicClaims {

    private static final Logger LOG = LoggerFactory.getLogger(TopicClaims.class);

    private final BridgeSettings settings;
    private final TopicTail tail;

    TopicClaims(BridgeSettings settings, TopicTail tail) {
        this.settings = settings;
        this.tail = tail;
    }

    /**
     * Looks at all of them.
     *
     * @throws BridgeException if one of them is another mirror's own topic, or that of one of its routes
     */
    void requireNone(Layout layout) {
        for (String topic : layout.routes().topics()) {
            if (!topic.equals(settings.topic())) {
                requireNotOf(topic, topic);
            }
            for (int dot = topic.lastIndexOf('.'); dot > 0; dot = topic.lastIndexOf('.', dot - 1)) {
                requireNotOf(topic.substring(0, dot), topic);
            }
        }
    }

    private void requireNotOf(String mirror, String topic) {
        if (mirror.equals(settings.topic())) {
            return;
        }
        Optional<Progress> other;
        try {
            other = tail.progressIfThere(BridgeSettings.create(settings.bootstrapServers(), mirror));
        } catch (AuthorizationException e) {
            LOG.warn("Whether another mirror has the topic is not known, for its progress may not be read: topic={} mirror={}", topic,
                    mirror);
            return;
        }
        if (other.isPresent() && other.get().layout().routes().topics().contains(topic)) {
            throw new BridgeException("The topic is another mirror's: topic=" + topic + " mirror=" + mirror + " identity="
                    + other.get().identity());
        }
    }
}
