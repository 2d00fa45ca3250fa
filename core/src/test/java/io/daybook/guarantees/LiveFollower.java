package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A process that follows a journal from its first event while its owners come and are killed. Asked for a position, it answers when its
 * subscription is there, with the version that it reads for an entity; it tells digests of what it saw, and violations.
 */
final class LiveFollower implements AutoCloseable {

    private static final String FOLLOWING = "following";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChildJvm child;
    private final Map<Long, Integer> digests = new HashMap<>();

    private LiveFollower(ChildJvm child) {
        this.child = child;
    }

    /** Starts it and returns when it follows; the journal must exist. */
    static LiveFollower start(Path folder) {
        LiveFollower started = new LiveFollower(ChildJvm.start(LiveFollower.class, folder));
        started.child.lineThatBegins(FOLLOWING);
        return started;
    }

    /** Argument: folder. */
    public static void main(String[] arguments) throws Exception {
        EventStore store = EventStore.openReadOnly(Path.of(arguments[0]), ChildWriter.settings());
        Subscription subscription = store.subscribe(Follow.from(StartFrom.beginning()), new FollowWitness(0, ChildOwner::tell));
        System.out.println(FOLLOWING);
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String[] parts = line.split(" ");
            long position = Long.parseLong(parts[0]);
            if (!subscription.awaitPosition(position, PATIENCE)) {
                System.out.println("violation the subscription sticks at " + subscription.position() + " and not at " + position);
            }
            long end = store.endPosition();
            System.out.println("reached " + end + " " + store.version(parts[1]));
        }
    }

    /**
     * Waits until it has handled all that a fold holds; fails unless it saw the same, and reads the same version of this entity. Nobody may
     * append meanwhile.
     */
    void awaitSame(WrittenFold fold, String entity) throws IOException {
        child.tell(fold.end() - 1 + " " + entity);
        String reached = null;
        while (reached == null) {
            String line = child.line();
            assertTrue(line != null && !line.startsWith("violation"), () -> "the follower: " + line + "\n" + (line == null ? "" : rest()));
            if (line.startsWith("digest ")) {
                String[] parts = line.split(" ");
                digests.put(Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
            } else if (line.startsWith("reached ")) {
                reached = line;
            }
        }
        assertEquals("reached " + fold.end() + " " + fold.version(entity), reached, "the follower's end and version of " + entity);
        digests.forEach((block, digest) -> assertEquals(fold.digest(block), digest, () -> "the follower saw others in block " + block));
    }

    private String rest() {
        child.kill();
        return String.join("\n", child.lines());
    }

    @Override
    public void close() {
        child.close();
    }
}
