package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One life of an owner: a {@link ChildWriter} from its start to its kill, and what it acknowledged meanwhile. */
final class Life implements AutoCloseable {

    private static final long PATIENCE_MS = 60_000;

    private final ChildJvm child;
    private final Thread reader;
    private final List<ChildWriter.Acknowledged> acknowledged = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private boolean opened;
    private String failed;
    private boolean ended;

    private Life(ChildJvm child) {
        this.child = child;
        reader = new Thread(this::read);
    }

    /** Starts a child with these flags beside the usual ones; these are arguments of {@link ChildWriter}. */
    static Life start(List<String> flags, Path folder, int life, WriterMode mode, String follows) {
        List<String> all = new ArrayList<>(ChildJvm.ownFlags());
        all.addAll(flags);
        Life started = new Life(ChildJvm.start(all, System.getProperty("java.class.path"), ChildWriter.class, folder, life, mode, follows));
        started.reader.start();
        return started;
    }

    private void read() {
        for (String line = child.line(); line != null; line = child.line()) {
            take(line);
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void take(String line) {
        ChildWriter.Acknowledged ack = ChildWriter.Acknowledged.of(line);
        if (ack != null) {
            acknowledged.add(ack);
        } else {
            others.add(line);
            opened |= line.startsWith("opened");
            if (line.startsWith("failed") || line.startsWith("Exception")) {
                failed = line;
            }
        }
        notifyAll();
    }

    /** Waits until this holds, at most so long; false if it does not. Fails if the child did. */
    private synchronized boolean await(BooleanSupplier condition, long ms) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (!condition.getAsBoolean()) {
            assertTrue(failed == null && !ended, this::said);
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Leaves it alone for so long. */
    void letRun(long ms) throws InterruptedException {
        await(() -> false, ms);
    }

    /** Fails if it failed or ended by itself. */
    void requireRunning() throws InterruptedException {
        await(() -> false, 0);
    }

    /** Waits until it has acknowledged so many commits. */
    void awaitAcknowledged(int commits) throws InterruptedException {
        assertTrue(await(() -> acknowledged.size() >= commits, PATIENCE_MS), this::said);
    }

    /** Waits for a line that begins so, other than an acknowledgement. */
    String awaitLine(String prefix) throws InterruptedException {
        assertTrue(await(() -> line(prefix) != null, PATIENCE_MS), this::said);
        return line(prefix);
    }

    private synchronized String line(String prefix) {
        return others.stream().filter(line -> line.startsWith(prefix)).findFirst().orElse(null);
    }

    private synchronized String said() {
        return "the child failed or ended by itself, or is silent; it said:\n" + String.join("\n", others);
    }

    /** As {@code kill -9} does; what it has printed by then counts. */
    void kill() throws InterruptedException {
        child.kill();
        reader.join();
        assertTrue(failed == null, this::said);
    }

    /** True once {@code open} had returned. */
    synchronized boolean isOpened() {
        return opened;
    }

    /** What it reported up to now, in that order. */
    synchronized List<ChildWriter.Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** How many commits it reported up to now. */
    synchronized int commits() {
        return acknowledged.size();
    }

    @Override
    public void close() {
        child.close();
    }
}
