package io.daybook.machine;

import io.daybook.AppendResult;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.NoSpaceException;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import io.daybook.machine.Load.Knob;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The process that writes while the machine fails: several threads append and report each acknowledgement, and when it came, on a line that
 * ends with a full stop. Where there is no room it says so and tries again.
 */
final class LoadWriter {

    private static final long RETRY_NS = 3_000_000;
    private static final int LOOK_EVERY = 20;
    private static final int NAME_EVERY_REFUSALS = 3;
    private static final int REOPEN_EVERY_REFUSALS = 9;

    private final Path folder;
    private final int life;
    private final Load load;
    private final ReadWriteLock use = new ReentrantReadWriteLock(true);
    private EventStore store;
    private Subscription subscription;
    private int names;
    private int refusals;

    private LoadWriter(Path folder, int life, Load load) {
        this.folder = folder;
        this.life = life;
        this.load = load;
    }

    /** Arguments: folder, life, load. */
    public static void main(String[] arguments) {
        LoadWriter writer = new LoadWriter(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Load.parse(arguments[2]));
        say("opening");
        writer.open();
        for (int i = 0; i < writer.load.threads(); i++) {
            int thread = i;
            new Thread(() -> writer.orFail(() -> writer.append(thread))).start();
        }
        if (writer.load.get(Knob.READ) == 1) {
            new Thread(() -> writer.orFail(writer::read)).start();
        }
    }

    private static void say(String line) {
        System.out.println(line + ".");
    }

    private void orFail(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            say("failed " + e);
            Runtime.getRuntime().halt(3);
        }
    }

    private void open() {
        store = EventStore.open(folder, load.settings());
        say("opened " + store.endPosition() + " " + store.id().epoch());
        if (load.get(Knob.FOLLOW) == 1) {
            subscription = store.subscribe(Follow.from(StartFrom.beginning()).named("totals"), event -> { });
        }
    }

    private void append(int thread) {
        for (int number = 0;; number++) {
            AppendResult result = null;
            while (result == null) {
                result = tryAppend(thread, number);
            }
            say("ack " + thread + " " + number + " " + result.firstPosition() + " " + System.nanoTime());
            if (thread == 0) {
                look(number);
            }
            if (load.rung(thread, number) == Durability.PROCESS) {
                LockSupport.parkNanos(load.get(Knob.REST_MICROS) * 1_000);
            }
        }
    }

    private AppendResult tryAppend(int thread, int number) {
        use.readLock().lock();
        try {
            return store.commit(load.commit(store, life, thread, number), load.rung(thread, number));
        } catch (NoSpaceException e) {
            say("refused " + thread + " " + System.nanoTime());
        } finally {
            use.readLock().unlock();
        }
        if (thread == 0) {
            doWithoutRoom(++refusals);
        }
        LockSupport.parkNanos(RETRY_NS);
        return null;
    }

    private void look(int number) {
        if (load.rung(0, number) == Durability.DISK) {
            say("durable " + store.endPosition(Durability.DISK) + " " + System.nanoTime());
        }
        if (number % LOOK_EVERY == 0) {
            say("index " + store.stats().indexWatermark() + " " + System.nanoTime());
        }
        if (isTime(number, Knob.NAME_EVERY)) {
            takeName();
        }
        if (isTime(number, Knob.REOPEN_EVERY)) {
            reopen();
        }
    }

    private void doWithoutRoom(int times) {
        if (times % NAME_EVERY_REFUSALS == 0 && load.get(Knob.NAME_EVERY) > 0) {
            takeName();
        }
        if (times % REOPEN_EVERY_REFUSALS == 0 && load.get(Knob.REOPEN_EVERY) > 0) {
            reopen();
        }
    }

    private boolean isTime(int number, Knob every) {
        return load.get(every) > 0 && number % load.get(every) == load.get(every) - 1;
    }

    /** A new checkpoint; without room it is not made, which is said. */
    private void takeName() {
        try {
            if (subscription != null) {
                subscription.close();
            }
            subscription = null;
            subscription = store.subscribe(Follow.from(StartFrom.now()).named("name-" + life + "-" + names++), event -> { });
            say("named " + System.nanoTime());
        } catch (UncheckedIOException | NoSpaceException e) {
            say("unnamed " + e);
        }
    }

    private void reopen() {
        use.writeLock().lock();
        try {
            subscription = null;
            try {
                store.close();
            } catch (UncheckedIOException e) {
                say("unclosed " + e);
            }
            while (true) {
                try {
                    open();
                    return;
                } catch (UncheckedIOException | NoSpaceException e) {
                    say("unopened " + e + " " + e.getCause());
                    LockSupport.parkNanos(RETRY_NS);
                }
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private void read() {
        while (true) {
            use.readLock().lock();
            try {
                Contents.read(store, load);
            } finally {
                use.readLock().unlock();
            }
            LockSupport.parkNanos(RETRY_NS);
        }
    }
}
