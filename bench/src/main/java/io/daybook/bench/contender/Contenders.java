package io.daybook.bench.contender;

import java.util.List;
import java.util.stream.Stream;

/** All contenders, in the order in which they are shown. */
public final class Contenders {

    private static final List<Contender> EMBEDDED = List.of(
            new DaybookContender(),
            new RawQueueContender(),
            new QueueMapContender(),
            new LmdbContender(),
            new RocksDbContender(),
            new SqliteContender(),
            new MvStoreContender(),
            new AxonContender(),
            new AeronContender());
    private static final List<Contender> SERVERS = List.of(
            new PostgresqlContender(),
            new MessageDbContender(),
            new KafkaContender());
    private static final List<Contender> YARDSTICKS = List.of(
            new ForcedFileContender());

    private static final List<Contender> PLAIN = PlainContender.all();

    private Contenders() {
    }

    /** Those that run inside the JVM; they are measured by default. */
    public static List<Contender> embedded() {
        return EMBEDDED;
    }

    /** Those that need a process of their own; they are measured when asked for. */
    public static List<Contender> servers() {
        return SERVERS;
    }

    /** What keeps no events, but shows what the machine can do. */
    public static List<Contender> yardsticks() {
        return YARDSTICKS;
    }

    /** Peers written down in the plainest way, which the adapters above are held against; they are measured when asked for. */
    public static List<Contender> plain() {
        return PLAIN;
    }

    /**
     * The one with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Contender named(String name) {
        return Stream.of(EMBEDDED, SERVERS, YARDSTICKS, PLAIN).flatMap(List::stream).filter(each -> each.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no contender of this name: name=" + name));
    }
}
