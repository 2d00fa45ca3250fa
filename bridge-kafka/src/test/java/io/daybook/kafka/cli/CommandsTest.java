package io.daybook.kafka.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.kafka.Listener;
import io.daybook.kafka.SharedBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a shell runs them, beside the process that owns the journal. */
class CommandsTest {

    private final String topic = "events-" + UUID.randomUUID();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    private Path temp;
    private Path journal;

    @BeforeEach
    void chooseFolder() {
        journal = temp.resolve("journal");
    }

    @Test
    void aJournalIsMirroredAndComparedBesideItsOwner() throws Exception {
        try (EventStore owner = EventStore.open(journal, StoreSettings.create().cycleBytes(1 << 20))) {
            append(owner);
            assertRun(0, "Caught up: position=10 lagEvents=0", "mirror", "--create-topic", "--partitions", "2", "--replication-factor", "1",
                    "--until-caught-up");
            assertRun(0, "The topic is the journal's: events=10 stillToMirror=0", "verify");
            append(owner);
            assertRun(0, "events=10 stillToMirror=10", "verify");
            assertRun(0, "Caught up: position=20", "mirror", "--until-caught-up");
            assertRun(0, "events=20", "verify");
            produceForeign();
            assertRun(1, "position=20", "verify");
        }
        try (EventStore other = EventStore.open(temp.resolve("other"))) {
            journal = temp.resolve("other");
            append(other);
            assertRun(1, "holds another journal", "mirror", "--until-caught-up");
        }
    }

    @Test
    void aJournalIsRestoredFromItsMirror() throws Exception {
        try (EventStore owner = EventStore.open(journal, StoreSettings.create().cycleBytes(1 << 20))) {
            append(owner);
            assertRun(0, "Caught up", "mirror", "--create-topic", "--partitions", "2", "--replication-factor", "1", "--until-caught-up");
        }
        assertRun(1, "The folder holds a journal", "restore");
        journal = temp.resolve("restored");
        assertRun(0, "The journal is restored: events=10 alreadyThere=0", "restore");
        assertTrue(said().matches("(?s).*epoch=[1-9][0-9]{2}\\b.*"), said());
        assertRun(0, "events=10 stillToMirror=0", "verify");
        assertRun(0, "Caught up: position=10", "mirror", "--until-caught-up");
        journal = temp.resolve("small");
        assertRun(1, "limitBytes=1", "restore", "--max-payload-bytes", "1");
        assertRun(2, "maxPayloadBytes=0", "restore", "--max-payload-bytes", "0");
        assertRun(1, "not restored to its end", "verify");
    }

    @Test
    void categoriesAreRoutedAndAPartIsRestored() throws Exception {
        String accounts = topic + ".accounts";
        try (EventStore owner = EventStore.open(journal, StoreSettings.create().cycleBytes(1 << 20))) {
            owner.append("order-1", Expected.absent(), List.of(NewEvent.json("Ordered", "{}")), Durability.DISK);
            append(owner);
            assertRun(2, "KEY=VALUE", "mirror", "--route", "account");
            assertRun(2, "category=account topic=other needed=" + topic, "mirror", "--route", "account=other");
            assertRun(0, "Caught up: position=11", "mirror", "--create-topic", "--partitions", "1", "--replication-factor", "1",
                    "--route", "account=" + accounts, "--until-caught-up");
            assertEquals(10, Listener.hear(SharedBroker.address(), accounts, 10).size());
            assertEquals(1, Listener.hear(SharedBroker.address(), topic, 1).size());
            assertRun(1, "account", "mirror", "--until-caught-up");
            assertRun(0, "events=11 stillToMirror=0", "verify");
        }
        journal = temp.resolve("restored");
        assertRun(2, "restoreTo", "restore", "--to", "0");
        assertRun(0, "The journal is restored: events=5 ", "restore", "--to", "5");
        assertTrue(said().contains("the events before position=5"), said());
        try (EventStore made = EventStore.open(journal)) {
            assertEquals(5, made.endPosition());
        }
    }

    @Test
    void misuseIsToldAndSecretsAreNot() throws Exception {
        assertRun(1, "There is no journal", "mirror");
        try (EventStore owner = EventStore.open(journal)) {
            append(owner);
            assertRun(2, "name=acks", "mirror", "--property", "acks=1");
            assertRun(1, "does not exist", "mirror", "--until-caught-up");
            assertEquals(2, Main.run(out(), out(), "mirror"));
            assertEquals(2, Main.run(out(), out()));
            Path config = Files.writeString(temp.resolve("config"), "sasl.jaas.config=nonsense secret-word\n"
                    + "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n");
            assertRun(1, "topic=" + topic, "verify", "--config", config.toString());
            assertFalse(said().contains("secret-word"), said());
        }
    }

    private static void append(EventStore store) {
        for (int i = 0; i < 10; i++) {
            store.append("account-" + i, Expected.any(), List.of(NewEvent.json("Counted", "{}")), Durability.DISK);
        }
    }

    private void produceForeign() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", SharedBroker.address()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, new byte[0], new byte[0])).get();
        }
    }

    private void assertRun(int exitCode, String expected, String command, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--journal", journal.toString(), "--bootstrap-servers",
                SharedBroker.address(), "--topic", topic));
        args.addAll(List.of(more));
        said.reset();
        assertEquals(exitCode, Main.run(out(), out(), args.toArray(new String[0])), this::said);
        assertTrue(said().contains(expected), said());
    }

    private PrintStream out() {
        return new PrintStream(said, true, StandardCharsets.UTF_8);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
