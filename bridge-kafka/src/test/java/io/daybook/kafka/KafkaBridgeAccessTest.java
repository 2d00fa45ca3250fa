package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.daybook.EventStore;
import io.daybook.kafka.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks for TLS and SASL and knows rights: those that README.md lists are enough; what is wrong is told without secrets. */
class KafkaBridgeAccessTest extends MirrorCase {

    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final List<AclOperation> OF_A_MIRROR = List.of(DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE, CREATE);
    private static final List<AclOperation> OF_A_READER = List.of(DESCRIBE, READ);

    @TempDir
    private static Path brokerFolder;
    private static BrokerProcess broker;
    private static Path certificate;
    private static Path stranger; // another one's certificate

    private final Random random = new Random(8);

    @BeforeAll
    static void startBroker() throws Exception {
        Effort.onOldestJdk("KafkaBridgeAccessTest");
        Path keys = brokerFolder.resolve("broker.p12");
        certificate = certificate(keys, "broker");
        stranger = certificate(brokerFolder.resolve("stranger.p12"), "stranger");
        broker = BrokerProcess.start(brokerFolder.resolve("node"),
                "listener.security.protocol.map=PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT", "inter.broker.listener.name=PLAINTEXT",
                "ssl.keystore.location=" + keys, "ssl.keystore.password=of-the-broker", "ssl.truststore.type=PEM",
                "ssl.truststore.location=" + certificate, "sasl.enabled.mechanisms=PLAIN", "sasl.mechanism.inter.broker.protocol=PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config=" + MODULE + "username=\"admin\" password=\"of-admin\" "
                        + "user_admin=\"of-admin\" user_mirror=\"of-mirror\" user_reader=\"of-reader\" user_nobody=\"of-nobody\";",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:admin;User:ANONYMOUS");
    }

    private static Path certificate(Path keys, String name) throws Exception {
        Path certificate = brokerFolder.resolve(name + ".pem");
        keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass",
                "of-the-broker", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1");
        keytool("-exportcert", "-rfc", "-alias", name, "-keystore", keys.toString(), "-storepass", "of-the-broker", "-file",
                certificate.toString());
        return certificate;
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(brokerFolder.resolve("keytool.log").toFile())
                .start();
        assertTrue(tool.waitFor(1, TimeUnit.MINUTES), "keytool does not end");
        assertEquals(0, tool.exitValue());
    }

    private static Map<String, String> access(String user, String password) {
        return new TreeMap<>(Map.of("security.protocol", "SASL_SSL", "ssl.truststore.type", "PEM", "ssl.truststore.location",
                certificate.toString(), "sasl.mechanism", "PLAIN", "sasl.jaas.config",
                MODULE + "username=\"" + user + "\" password=\"" + password + "\";"));
    }

    private BridgeSettings settings(String user, String password) {
        BridgeSettings settings = settings(broker.address());
        access(user, password).forEach(settings::property);
        return settings;
    }

    private void grant(String user, List<AclOperation> ofTopics, EventStore store) throws Exception {
        List<AclBinding> rights = new ArrayList<>();
        for (AclOperation operation : ofTopics) {
            rights.add(right(user, operation, ResourceType.TOPIC, topic));
            rights.add(right(user, operation, ResourceType.TOPIC, topic + ".progress"));
        }
        if (store != null) {
            String transactional = "daybook-" + store.id().identity() + "-" + topic;
            rights.add(right(user, DESCRIBE, ResourceType.TRANSACTIONAL_ID, transactional));
            rights.add(right(user, WRITE, ResourceType.TRANSACTIONAL_ID, transactional));
        }
        Map<String, Object> properties = new TreeMap<>(access("admin", "of-admin"));
        properties.put("bootstrap.servers", broker.address());
        try (Admin admin = Admin.create(properties)) {
            admin.createAcls(rights).all().get();
        }
    }

    private static AclBinding right(String user, AclOperation operation, ResourceType type, String name) {
        return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    @Test
    void theRightsThatAreListedAreEnough() throws Exception {
        try (EventStore store = open()) {
            append(store, 50, random);
            grant("mirror", OF_A_MIRROR, store);
            mirror(store, settings("mirror", "of-mirror"));
            grant("reader", OF_A_READER, null);
            BridgeSettings reading = settings("reader", "of-reader");
            assertTrue(KafkaBridge.verify(store, reading).isEqual());
            Restoration made = KafkaBridge.restore(temp.resolve("restored"), small(), reading, (position, end) -> { });
            assertEquals(store.endPosition(), made.events());
        }
    }

    @Test
    void whatIsWrongStopsItAndSecretsAreNotTold() throws Exception {
        try (EventStore store = open()) {
            append(store, 5, random);
            assertRefused(store, settings("mirror", "of-somebody"), "sasl.mechanism and sasl.jaas.config");
            BridgeSettings strange = settings("mirror", "of-mirror").property("ssl.truststore.location", stranger.toString());
            assertRefused(store, strange, "ssl.truststore");
            BridgeSettings nowhere = settings("mirror", "of-mirror").property("ssl.truststore.location", temp + "/nowhere.pem");
            assertRefused(store, nowhere, "ssl.truststore");
            assertRefused(store, nowhere, "nowhere.pem");
            assertRefused(store, settings("mirror", "of-mirror").property("sasl.jaas.config", "nonsense of-mirror"), "sasl.jaas.config");
            assertRefused(store, settings("nobody", "of-nobody"), "Describe and Write on its transactional id");
            grant("nobody", OF_A_MIRROR, null);
            assertRefused(store, settings("nobody", "of-nobody"), "ransactional");
        }
    }

    /** Kafka's client would take the alert for a length of 336 MiB, of the service's heap. */
    @Test
    void whoSpeaksPlainlyToTlsIsToldAndTakesNoMemory() throws Exception {
        try (EventStore store = open()) {
            assertRefused(store, settings(broker.address()), "one that speaks TLS, see security.protocol");
            String message = assertThrows(BridgeException.class, () -> KafkaBridge.verify(store, settings(broker.address()))).getMessage();
            assertTrue(message.contains("security.protocol=PLAINTEXT"), message);
        }
    }

    /** Whoever looks for a fault turns on all there is to be logged, Kafka's client included, and sends it to somebody. */
    @Test
    void secretsAreInNoLogWhateverItsLevel() throws Exception {
        try (EventStore store = open()) {
            append(store, 20, random);
            grant("mirror", OF_A_MIRROR, store);
            String said = logOf("mirror", config("mirror", "of-mirror"), "--create-topic", "--partitions", PARTITIONS,
                    "--replication-factor", 1, "--until-caught-up");
            assertTrue(said.contains("Caught up: position=" + store.endPosition()), said);
            said += logOf("verify", config("mirror", "of-mirror"));
            said += logOf("mirror", config("mirror", "of-somebody"), "--until-caught-up");
            assertTrue(said.contains("TRACE org.apache.kafka") && said.contains("sasl.jaas.config = [hidden]"), "there is no log");
            assertFalse(said.contains("of-mirror") || said.contains("of-somebody"));
        }
    }

    /** Only an administrator may end what a producer id of the mirror that Kafka has forgotten left open. */
    @Test
    void whoMayNotEndATransactionOfAFormerMirrorIsToldWhatItTakes() throws Exception {
        try (EventStore store = open()) {
            append(store, 20, random);
            grant("mirror", OF_A_MIRROR, store);
            mirror(store, settings("mirror", "of-mirror"));
            Map<String, Object> former = new TreeMap<>(access("admin", "of-admin"));
            former.putAll(Map.of("bootstrap.servers", broker.address(), "transactional.id", "former"));
            Map<String, Object> own = new TreeMap<>(access("mirror", "of-mirror"));
            own.put("bootstrap.servers", broker.address());
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(former, new ByteArraySerializer(), new ByteArraySerializer());
                    Admin admin = Admin.create(own)) {
                producer.initTransactions();
                producer.beginTransaction();
                long begin = producer.send(new ProducerRecord<>(topic, 0, new byte[0], new byte[0])).get().offset();
                OpenProducers producers = new OpenProducers(admin, "daybook-" + store.id().identity() + "-" + topic);
                var open = producers.ofOthers(Map.of(new TopicPartition(topic, 0), begin)).values();
                String message = assertThrows(KafkaException.class, () -> producers.abort(open)).getMessage();
                assertTrue(message.contains("Alter or ClusterAction") && message.contains("topic=" + topic + " partition=0"), message);
                producer.abortTransaction();
            }
        }
    }

    private Path config(String user, String password) throws Exception {
        List<String> lines = new ArrayList<>();
        access(user, password).forEach((name, value) -> lines.add(name + "=" + value));
        return Files.write(temp.resolve("config"), lines);
    }

    private String logOf(String command, Path config, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "--journal", temp.resolve("journal"), "--bootstrap-servers",
                broker.address(), "--topic", topic, "--config", config));
        arguments.addAll(List.of(more));
        try (ChildJvm child = ChildJvm.start(List.of(), "trace", Main.class, arguments.toArray())) {
            return child.rest();
        }
    }

    private void assertRefused(EventStore store, BridgeSettings wrong, String expected) throws InterruptedException {
        try (KafkaBridge bridge = KafkaBridge.start(store, wrong)) {
            String message = String.valueOf(assertThrows(BridgeException.class, () -> bridge.awaitMirroring(Duration.ofSeconds(60)),
                    () -> bridge.status().toString()).getMessage());
            assertEquals(BridgeStatus.State.FAILED, bridge.status().state());
            assertTrue(message.contains(expected), message + " lacks " + expected);
            String said = message + bridge.status();
            assertFalse(said.contains("of-mirror") || said.contains("of-somebody") || said.contains("of-nobody"), said);
        }
    }
}
