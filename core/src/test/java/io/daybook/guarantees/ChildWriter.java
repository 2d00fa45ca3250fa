package io.daybook.guarantees;

import io.daybook.Commit;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An owner that is killed while it appends {@link Written} commits; it reports each one as soon as {@code append} has returned. */
final class ChildWriter {

    /** The argument with which named subscriptions run in the same process, and the appends leave them some time. */
    static final String FOLLOWS = "follows";

    /** The name of a subscription that goes on from life to life. */
    static final String STEADY = "steady";

    /** The name of one whose checkpoint is made anew all the time. */
    static final String AGAIN = "again";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS_A_SUBSCRIPTION = 20;
    private static final long PAUSE_NS = 200_000;

    private final EventStore store;
    private final int life;
    private final WriterMode mode;
    private final boolean pauses;

    private ChildWriter(EventStore store, int life, WriterMode mode, boolean pauses) {
        this.store = store;
        this.life = life;
        this.mode = mode;
        this.pauses = pauses;
    }

    /** Arguments: folder, life, mode, {@link #FOLLOWS} or something else. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        boolean follows = arguments[3].equals(FOLLOWS);
        System.out.println("opening.");
        EventStore store = EventStore.open(folder, settings());
        System.out.println("opened at " + store.endPosition() + ".");
        ChildWriter writer = new ChildWriter(store, Integer.parseInt(arguments[1]), WriterMode.of(arguments[2]), follows);
        for (int thread = 0; thread < writer.mode.threads(); thread++) {
            int number = thread;
            start(() -> writer.append(number));
        }
        if (follows) {
            start(() -> writer.follow(folder.resolve("followers").resolve(AGAIN + ".dbk")));
        }
    }

    static StoreSettings settings() {
        return StoreSettings.create().cycleBytes(1 << 20).headTableBytes(1 << 18).indexCapacity(64).flushEvents(64).headsFileEvents(1_000);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void start(Work work) {
        new Thread(() -> {
            try {
                while (true) {
                    work.run();
                }
            } catch (Throwable e) {
                System.out.println("failed: " + e + ".");
                e.printStackTrace(System.out);
                Runtime.getRuntime().halt(3);
            }
        }).start();
    }

    private void append(int thread) {
        for (int number = 0;; number++) {
            Written written = new Written(life, thread, number, mode.several());
            long position = written.several() ? commit(written) : store.append(written.entity(0),
                written.expected(0, store.version(written.entity(0))), List.of(written.event(0)), mode.rung()).firstPosition();
            System.out.println(new Acknowledged(written, position).line());
            if (System.out.checkError()) {
                Runtime.getRuntime().halt(4); // nobody is there any more who would kill it
            }
            if (pauses) {
                LockSupport.parkNanos(PAUSE_NS * mode.threads());
            }
        }
    }

    private long commit(Written written) {
        Commit commit = Commit.create();
        for (int i = 0; i < written.size(); i++) {
            String entity = written.entity(i);
            commit.append(entity, written.event(i));
            if (!commit.conditions().containsKey(entity)) {
                commit.expect(entity, written.expected(i, store.version(entity)));
            }
        }
        return store.commit(commit, mode.rung()).firstPosition();
    }

    /** One subscription goes on where it was, the next one begins anew. */
    private void follow(Path again) throws Exception {
        follow(Follow.from(StartFrom.beginning()).named(STEADY));
        Files.deleteIfExists(again);
        follow(Follow.from(StartFrom.now()).named(AGAIN));
    }

    private void follow(Follow follow) throws Exception {
        try (Subscription subscription = store.subscribe(follow, event -> { })) {
            if (!subscription.awaitPosition(store.endPosition() + EVENTS_A_SUBSCRIPTION, PATIENCE)) {
                throw new AssertionError("A subscription stopped or sticks: position=" + subscription.position(), subscription.failure());
            }
        }
    }

    /**
     * A commit that the child reported.
     *
     * @param commit   what it wrote
     * @param position of its first event
     */
    record Acknowledged(Written commit, long position) {

        String line() {
            return "ack " + commit.life() + " " + commit.thread() + " " + commit.number() + " " + commit.several() + " " + position + ".";
        }

        /** Null if the line is something else, or was cut off by the kill. */
        static Acknowledged of(String line) {
            if (!line.startsWith("ack ") || !line.endsWith(".")) {
                return null;
            }
            String[] parts = line.substring(4, line.length() - 1).split(" ");
            return new Acknowledged(new Written(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
                Boolean.parseBoolean(parts[3])), Long.parseLong(parts[4]));
        }
    }
}
