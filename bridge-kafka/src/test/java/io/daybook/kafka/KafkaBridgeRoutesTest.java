package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.NewEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Categories have topics of their own, and all that holds for one topic holds for them together. */
class KafkaBridgeRoutesTest extends RestoreCase {

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeRoutesTest");
    }

    private String accounts() {
        return topic + ".accounts";
    }

    private BridgeSettings routed() {
        return settings().route("account", accounts());
    }

    /** Accounts and orders, also in one commit. */
    private void appendBoth(EventStore store) {
        append(store, 40, random);
        appendDerived(store, 40, random);
        store.commit(Commit.create().append("account-1", NewEvent.json("Paid", "{}"))
                .append("order-1", NewEvent.json("Paid", "{}")));
    }

    @Test
    void eachCategoryIsHeardInItsTopicAndEveryEventOnce() throws Exception {
        for (int life = 0; life < 3; life++) {
            try (EventStore store = open()) {
                appendBoth(store);
                mirror(store, routed());
                assertHeard(store);
                Verification verification = KafkaBridge.verify(store, BridgeSettings.create(SharedBroker.address(), topic));
                assertTrue(verification.isEqual(), String.valueOf(verification.difference()));
                assertEquals(store.endPosition(), verification.events());
            }
        }
        Restoration made = restore();
        assertTrue(made.mirrored());
        try (EventStore source = open(); EventStore store = EventStore.open(restored, small())) {
            assertSame(source, store);
            appendBoth(store);
            mirror(store, routed());
            assertHeard(store);
        }
    }

    private void assertHeard(EventStore store) {
        TreeMap<Long, String> topics = new TreeMap<>();
        long accounts = events(store).stream().filter(event -> event.entity().startsWith("account-")).count();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(Listener.hear(SharedBroker.address(), accounts(), (int) accounts));
        records.addAll(Listener.hear(SharedBroker.address(), topic, (int) (store.endPosition() - accounts)));
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String category = Filter.categoryOf(new String(record.key(), StandardCharsets.UTF_8));
            assertEquals(category.equals("account") ? accounts() : topic, record.topic());
            assertTrue(topics.put(Listener.number(record, "daybook_position"), record.topic()) == null, "twice");
        }
        assertEquals(store.endPosition(), topics.size());
        assertEquals(store.endPosition() - 1, topics.lastKey());
    }

    @Test
    void otherRoutesThanTheMirrorBeganWithAreRefused() throws Exception {
        try (EventStore store = open()) {
            appendBoth(store);
            mirror(store, routed());
            assertTrue(refusal(BridgeException.class, store, settings()).contains("needed: partitions={"));
            assertTrue(refusal(BridgeException.class, store, routed().route("order", accounts())).contains("order=" + topic));
            String added = refusal(BridgeException.class, store, routed().route("order", topic + ".orders"));
            assertTrue(added.contains("missing=" + topic + ".orders"), added);
            assertTrue(assertThrows(BridgeException.class, () -> KafkaBridge.verify(store, settings().route("order", accounts())))
                    .getMessage().contains("needed={account=" + accounts() + "}"));
            mirror(store, routed()); // nothing was changed
            assertTrue(KafkaBridge.verify(store, routed()).isEqual());
        }
    }

    @Test
    void aTopicOfARouteIsLookedAtLikeTheMirrorsOwn() throws Exception {
        try (EventStore store = open(); EventStore other = EventStore.open(temp.resolve("other"), small());
                Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            appendBoth(store);
            appendBoth(other);
            mirror(store, routed());
            String taken = refusal(BridgeException.class, other, BridgeSettings.create(SharedBroker.address(), accounts())
                    .createTopics(PARTITIONS, 1, 1));
            assertTrue(taken.contains("identity=" + store.id().identity()), taken);
            admin.createPartitions(Map.of(accounts(), NewPartitions.increaseTo(PARTITIONS + 1))).all().get();
            Await.until("a partition more", () -> TestTopics.partitions(admin, accounts()) == PARTITIONS + 1);
            assertTrue(refusal(BridgeException.class, store, routed()).contains(accounts() + "=" + PARTITIONS));
            assertTrue(assertThrows(BridgeException.class, this::restore).getMessage().contains(accounts() + "=" + PARTITIONS));
        }
    }

    /** As long as they are empty no record tells whose they are. */
    @Test
    void noTopicIsSharedByTwoMirrors() throws Exception {
        try (EventStore store = open(); EventStore other = EventStore.open(temp.resolve("other"), small())) {
            String inner = topic + ".inner";
            mirror(store, settings().route("account", inner).route("order", inner + ".orders"));
            for (EventStore each : List.of(store, other)) {
                assertRefused(each, BridgeSettings.create(SharedBroker.address(), inner), inner);
                assertRefused(each, BridgeSettings.create(SharedBroker.address(), inner + ".orders"), inner + ".orders");
            }
            String outer = "outer-" + topic;
            mirror(other, BridgeSettings.create(SharedBroker.address(), outer + ".own").createTopics(1, 1, 1));
            assertRefused(store, BridgeSettings.create(SharedBroker.address(), outer).route("account", outer + ".own"), outer + ".own");
        }
    }

    private static void assertRefused(EventStore store, BridgeSettings settings, String shared) {
        String message = refusal(BridgeException.class, store, settings.createTopics(1, 1, 1));
        assertTrue(message.contains("another mirror's: topic=" + shared + " mirror="), message);
    }

    @Test
    void aTopicOfARouteThatWasMadeAnewIsNoticed() throws Exception {
        try (EventStore store = open(); Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            append(store, 10, random);
            store.commit(Commit.create().append("order-1", NewEvent.json("Paid", "{}")), Durability.DISK);
            mirror(store, routed());
            admin.deleteTopics(List.of(accounts())).all().get();
            Await.until("it is gone", () -> !TestTopics.names(admin).contains(accounts()));
            String gone = refusal(BridgeException.class, store, routed());
            assertTrue(gone.contains("missing=" + accounts()), gone);
            admin.createTopics(List.of(new NewTopic(accounts(), PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1",
                    "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE))))).all().get();
            String anew = refusal(BridgeException.class, store, routed());
            assertTrue(anew.contains("not those that the mirror had brought"), anew);
        }
    }

    @Test
    void whatIsMissingInATopicOfARouteIsNamed() throws Exception {
        try (EventStore store = open(); Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            appendBoth(store);
            mirror(store, routed());
            admin.deleteRecords(Map.of(new TopicPartition(accounts(), 0),
                    RecordsToDelete.beforeOffset(1))).all().get();
            Verification verification = KafkaBridge.verify(store, routed());
            assertFalse(verification.isEqual());
            assertTrue(verification.difference().what().contains("missing in the topic") && verification.difference().what()
                    .contains(accounts()), verification.difference().what());
            assertTrue(assertThrows(BridgeException.class, this::restore).getMessage().contains("missing"));
        }
    }

    @Test
    void aRestoreWithoutTheProgressIsToldTheRoutes() throws Exception {
        try (EventStore store = open(); Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            appendBoth(store);
            mirror(store, routed());
            admin.deleteTopics(List.of(topic + ".progress")).all().get();
            BridgeSettings read = BridgeSettings.create(SharedBroker.address(), topic);
            assertTrue(assertThrows(BridgeException.class, () -> KafkaBridge.restore(restored, small(), read, (at, of) -> { }))
                    .getMessage().contains("missing"));
            Path told = temp.resolve("told");
            Restoration made = KafkaBridge.restore(told, small(), read.route("account", accounts()), (at, of) -> { });
            assertEquals(store.endPosition(), made.events());
            try (EventStore again = EventStore.open(told, small())) {
                assertSame(store, again);
            }
        }
    }

    @Test
    void routesThatCannotBeMeantAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> routed().route("account", topic + ".other"));
        assertThrows(IllegalArgumentException.class, () -> settings().route("account", topic));
        assertThrows(IllegalArgumentException.class, () -> settings().route("account", topic + ".progress"));
        assertThrows(IllegalArgumentException.class, () -> settings().route("account", topic + ".a b"));
        assertThrows(IllegalArgumentException.class, () -> settings().route("account", "accounts"));
        assertThrows(IllegalArgumentException.class, () -> settings().route("account-1", accounts()));
        assertThrows(IllegalArgumentException.class, () -> settings().route("\uD800", accounts()));
        assertThrows(IllegalArgumentException.class, () -> settings().route("", accounts()));
    }
}
