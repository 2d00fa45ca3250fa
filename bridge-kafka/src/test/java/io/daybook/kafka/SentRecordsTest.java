package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Nothing is committed that lies elsewhere than where the session saw the ends, or did not arrive. */
class SentRecordsTest {

    private static final TopicPartition PROGRESS = new TopicPartition("events.progress", 0);
    private static final TopicPartition FIRST = new TopicPartition("events", 0);
    private static final TopicPartition SECOND = new TopicPartition("events", 1);

    private final SentRecords sent = new SentRecords(Layout.of("events", 2), PROGRESS, Map.of(FIRST, 10L, SECOND, 0L, PROGRESS, 3L));

    private void lies(TopicPartition partition, long offset) {
        sent.onCompletion(new RecordMetadata(partition, offset, 0, 0, 1, 1), null);
    }

    @Test
    void whatLiesWhereThePartitionsEndedIsSent() {
        lies(FIRST, 10);
        lies(FIRST, 11);
        lies(PROGRESS, 3);
        lies(FIRST, 20); // behind the markers of other transactions of the session
        lies(SECOND, 0);
        assertDoesNotThrow(sent::requireSent);
    }

    @Test
    void somethingElseThatWasWrittenMeanwhileIsFound() {
        lies(FIRST, 10);
        lies(SECOND, 1);
        String message = assertThrows(KafkaException.class, sent::requireSent).getMessage();
        assertTrue(message.contains("topic=events partition=1 end=0 offset=1"), message);
    }

    @Test
    void aProgressOfAnotherIsFound() {
        lies(PROGRESS, 4);
        assertThrows(KafkaException.class, sent::requireSent);
    }

    @Test
    void anOffsetThatIsNotToldIsAFailure() {
        lies(FIRST, -1);
        String message = assertThrows(KafkaException.class, sent::requireSent).getMessage();
        assertTrue(message.contains("does not tell where a record lies"), message);
    }

    @Test
    void theFirstFailureIsTold() {
        sent.onCompletion(null, new TimeoutException("first"));
        sent.onCompletion(null, new KafkaException("second"));
        assertTrue(assertThrows(TimeoutException.class, sent::requireSent).getMessage().contains("first"));
    }
}
