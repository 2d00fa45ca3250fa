package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.daybook.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A running {@link LoadWriter} as seen from outside: what it has told so far. A thread listens; closing kills the process. */
final class WriterProcess implements AutoCloseable {

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(90);
    private static final int SHOWN = 60;

    private final int life;
    private final Load load;
    private final ChildJvm child;
    private final Thread listener;
    private final List<Told.Acknowledged> acknowledged = new ArrayList<>();
    private final List<long[]> durable = new ArrayList<>();
    private final Map<String, Integer> said = new HashMap<>();
    private final List<String> last = new ArrayList<>();
    private final long[] newestNs;
    private long indexedPosition;
    private long indexedNs;
    private String failure;
    private boolean ended;

    private WriterProcess(ChildJvm child, int life, Load load) {
        this.child = child;
        this.life = life;
        this.load = load;
        newestNs = new long[load.threads()];
        listener = new Thread(this::listen, "writer-" + life);
        listener.setDaemon(true);
    }

    /** Starts one behind these words of a command line; {@code flags} are of its JVM. */
    static WriterProcess start(List<String> wrapper, List<String> flags, Path folder, int life, Load load) {
        List<String> all = new ArrayList<>(ChildJvm.ownFlags());
        all.addAll(flags);
        ChildJvm child = ChildJvm.startBehind(wrapper, all, LoadWriter.class, folder, life, load);
        WriterProcess writer = new WriterProcess(child, life, load);
        writer.listener.start();
        return writer;
    }

    private void listen() {
        for (String line = child.line(); line != null; line = child.line()) {
            hear(line);
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void hear(String line) {
        String[] words = line.endsWith(".") ? line.substring(0, line.length() - 1).split(" ") : new String[] {""};
        switch (words[0]) {
            case "ack" -> {
                int thread = Integer.parseInt(words[1]);
                int number = Integer.parseInt(words[2]);
                newestNs[thread] = Long.parseLong(words[4]);
                acknowledged.add(new Told.Acknowledged(life, thread, number, Long.parseLong(words[3]), load.rung(thread, number),
                    newestNs[thread]));
            }
            case "durable" -> durable.add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])});
            case "index" -> {
                indexedPosition = Long.parseLong(words[1]);
                indexedNs = Long.parseLong(words[2]);
            }
            case "refused" -> newestNs[Integer.parseInt(words[1])] = Long.parseLong(words[2]);
            case "failed" -> failure = line;
            default -> remember(line);
        }
        said.merge(words[0], 1, Integer::sum);
        notifyAll();
    }

    private void remember(String line) {
        last.add(line);
        if (last.size() > SHOWN) {
            last.remove(0);
        }
    }

    /** Waits until this holds; fails if the process ends or says that something failed. */
    synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            requireSound();
            long leftNs = deadline - System.nanoTime();
            assertTrue(leftNs > 0, () -> "the writer does not come to this: " + what + "\n" + this);
            wait(Math.max(1, leftNs / 1_000_000));
        }
    }

    /** Fails if the process has ended or said that something failed. */
    synchronized void requireSound() {
        if (failure != null || ended) {
            fail("the writer ended: " + failure + "\n" + this);
        }
    }

    /** Waits until every thread has told of something later than this moment: then everything earlier is known. */
    void awaitAllPast(long momentNs) throws InterruptedException {
        await("every thread past a moment", () -> {
            for (long ns : newestNs) {
                if (ns <= momentNs) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Waits until so many more lines that begin with one of these words were said. */
    void awaitMore(int more, String... words) throws InterruptedException {
        int wanted = count(words) + more;
        await(more + " more of " + List.of(words), () -> count(words) >= wanted);
    }

    /** How many lines were said that begin with one of these words. */
    synchronized int count(String... words) {
        return List.of(words).stream().mapToInt(word -> said.getOrDefault(word, 0)).sum();
    }

    /** Waits until the index on disk, looked at after this moment, holds everything before this position. */
    void awaitIndexed(long position, long afterNs) throws InterruptedException {
        await("the index at " + position, () -> indexedNs > afterNs && indexedPosition >= position);
    }

    Load load() {
        return load;
    }

    /** What was acknowledged before this moment. */
    synchronized List<Told.Acknowledged> before(long momentNs) {
        return acknowledged.stream().filter(commit -> commit.timeNs() < momentNs).toList();
    }

    /** The highest durable position that was told before this moment; 0 if none was. */
    synchronized long durableBefore(long momentNs) {
        return durable.stream().filter(told -> told[1] < momentNs).mapToLong(told -> told[0]).max().orElse(0);
    }

    /** Lets so many milliseconds pass, during which it must go on. */
    void letItWorkFor(long ms) throws InterruptedException {
        if (child.endedWithin(ms)) {
            listener.join();
            fail("the writer ended by itself\n" + this);
        }
    }

    /** Kills it and answers all that it acknowledged. */
    List<Told.Acknowledged> kill() throws InterruptedException {
        child.kill();
        listener.join();
        return before(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        child.close();
    }

    @Override
    public synchronized String toString() {
        return "life=" + life + " load=" + load + " said=" + said + "\n" + String.join("\n", last);
    }
}
