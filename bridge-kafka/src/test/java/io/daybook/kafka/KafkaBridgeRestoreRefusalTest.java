package io.daybook.kafka;

import static io.daybook.kafka.TopicCopies.at;
import static io.daybook.kafka.TopicCopies.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.DaybookException;
import io.daybook.EventStore;
import io.daybook.UnsupportedFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is no mirror of a journal, whole, is not restored, nor is anything into a folder with something else; the message says where. */
class KafkaBridgeRestoreRefusalTest extends RestoreCase {

    private int folders;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeRestoreRefusalTest");
    }

    @Test
    void whatTheTopicLacksOrHasTooMuchIsNamedByPosition() throws Exception {
        long end = fillTopic();
        try (TopicCopies copies = new TopicCopies(topic, (int) end)) {
            restore(copies.make(records -> { }));

            assertRefused(copies, "An event is missing in the topics: position=40", records -> records.remove(at(records, 40)));
            assertRefused(copies, "An event is missing in the topics: position=" + (end - 1),
                    records -> records.remove(at(records, end - 1)));
            assertRefused(copies, "a second time, or behind a later one: position=40",
                    records -> records.add(records.get(at(records, 40))));
            assertRefused(copies, "holds what no mirror wrote", records -> records.add(20, new ProducerRecord<>("", 0, new byte[0],
                    new byte[0])));
            assertRefused(copies, "holds what no mirror wrote", records -> records.add(new ProducerRecord<>("", 0, new byte[0],
                    new byte[0])));
            assertRefused(copies, "did not reach: position=100000", records -> records.add(header("daybook_position", "100000")
                    .apply(records.get(at(records, 40)))));
            String[][] changes = {
                {"Versions are not dense", "daybook_version", "7777"},
                {"commitSize=65537", "daybook_commit_size", "65537"},
                {"field=timestamp recordPosition=40", "daybook_time_ns", "77"},
                {"field=daybook_epoch", "daybook_epoch", "x"},
                {"field=ce_source", "ce_source", "daybook:00000000-0000-0001-0000-000000000002/x"},
                {"field=ce_subject found=x", "ce_subject", "x"},
                {"field=ce_specversion found=0.3", "ce_specversion", "0.3"},
                {"field=ce_time found=2023-11-14T22:13:20.120000000Z", "ce_time", "2023-11-14T22:13:20.120000000Z"},
            };
            assertRefused(copies, "of another journal: identity=00000000-0000-0001-0000-000000000002", records -> {
                ProducerRecord<byte[], byte[]> record = records.get(at(records, 40));
                String source = "daybook:00000000-0000-0001-0000-000000000002/" + RecordFormat.pathSegment(record.key());
                records.set(at(records, 40), header("ce_source", source).apply(record));
            });
            assertRefused(copies, "has a header twice: field=ce_subject", records -> records.get(at(records, 40)).headers()
                    .add("ce_subject", new byte[0]));
            assertRefused(copies, "field=daybook_metadata", records -> records.get(at(records, 40)).headers().remove("daybook_metadata")
                    .add("daybook_metadata", null));
            for (int i = 0; i < Effort.times(2, changes.length); i++) {
                UnaryOperator<ProducerRecord<byte[], byte[]>> change = header(changes[i][1], changes[i][2]);
                assertRefused(copies, changes[i][0], records -> records.set(at(records, 40), change.apply(records.get(at(records, 40)))));
            }
        }
    }

    private long fillTopic() throws InterruptedException {
        try (EventStore store = open()) {
            append(store, 60, random);
            mirror(store, settings());
            return store.endPosition();
        }
    }

    private void assertRefused(TopicCopies copies, String expected, Consumer<List<ProducerRecord<byte[], byte[]>>> damage)
            throws Exception {
        restored = temp.resolve("refused-" + folders++);
        assertRefused(BridgeException.class, copies.make(damage), expected);
        assertFalse(Files.exists(restored.resolve("journal.dbk")), "it passes for a journal");
    }

    private void assertRefused(Class<? extends DaybookException> kind, String from, String expected) {
        String message = assertThrows(kind, () -> restore(from)).getMessage();
        assertTrue(message.contains(expected), message + " lacks " + expected);
    }

    @Test
    void topicsThatAreMissingOrHoldNothing() throws Exception {
        assertRefused(BridgeException.class, topic, "The topic does not exist: topic=" + topic);
        TestTopics.create(topic, PARTITIONS, Map.of());
        assertRefused(BridgeException.class, topic, "The mirror holds no event");
        assertFalse(Files.exists(restored));
    }

    @Test
    void foldersWithSomethingElse() throws Exception {
        fillTopic();
        Path own = restored;
        restored = temp.resolve("journal");
        assertRefused(UnsupportedFormatException.class, topic, "The folder holds a journal");
        restored = Files.createDirectories(temp.resolve("notes"));
        Files.writeString(restored.resolve("a.txt"), "");
        assertRefused(UnsupportedFormatException.class, topic, "file=a.txt");
        restored = own;
        restore();
        assertRefused(UnsupportedFormatException.class, topic, "The folder holds a journal");
    }

    @Test
    void aTopicThatIsAnotherOneThanWhenTheRestoreBegan() throws Exception {
        long end = fillTopic();
        try (TopicCopies copies = new TopicCopies(topic, (int) end)) {
            assertRefused(BridgeException.class, copies.make(records -> records.remove(at(records, 40))), "position=40");
            String other = copies.make(records -> records.replaceAll(header("ce_type", "Other")));
            assertRefused(BridgeException.class, other, "another event than an earlier restore found in it: position=");
            assertEquals(end, restore().events());
            try (EventStore source = open(); EventStore store = EventStore.open(restored, small())) {
                assertSame(source, store);
            }
        }
    }
}
