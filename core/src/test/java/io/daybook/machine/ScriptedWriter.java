package io.daybook.machine;

import io.daybook.AppendResult;
import io.daybook.DaybookException;
import io.daybook.Durability;
import io.daybook.DurabilityException;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The process whose calls of the operating system fail: opens, appends on both rungs, makes a checkpoint, closes; behind a failed force it
 * looks at what the store promises then. Each step is reported on a line that ends with a full stop.
 */
final class ScriptedWriter {

    private final Load load;
    private final int life;
    private final EventStore store;
    private boolean forceFailed;
    private boolean undurable;

    private ScriptedWriter(EventStore store, int life, Load load) {
        this.store = store;
        this.life = life;
        this.load = load;
    }

    /** Arguments: folder, life, load, number of commits. */
    public static void main(String[] arguments) {
        try {
            Load load = Load.parse(arguments[2]);
            EventStore store = open(Path.of(arguments[0]), load);
            if (store != null) {
                new ScriptedWriter(store, Integer.parseInt(arguments[1]), load).work(Integer.parseInt(arguments[3]));
            }
            say("ended");
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            say("failed " + e);
            Runtime.getRuntime().halt(3);
        }
    }

    private static void say(String line) {
        System.out.println(line.replace('\n', ' ') + ".");
    }

    private static EventStore open(Path folder, Load load) {
        try {
            EventStore store = EventStore.open(folder, load.settings());
            say("opened " + store.endPosition());
            return store;
        } catch (UncheckedIOException | DaybookException e) {
            say("unopened " + e + " cause " + e.getCause());
            return null;
        }
    }

    private void work(int commits) {
        boolean goesOn = true;
        for (int number = 0; goesOn && number < commits; number++) {
            if (number == commits / 2) {
                follow();
            }
            goesOn = append(number);
        }
        say("read " + Contents.read(store, load).end());
        if (forceFailed) {
            requireRefusal(Durability.PROCESS);
            requireRefusal(Durability.DISK);
            if (undurable || store.endPosition(Durability.DISK) < store.endPosition()) {
                requireNotDurable(); // what failed may have been a force of pages ahead, behind an end that is on the device
            }
            say("refuses");
        }
        try {
            store.close();
            say("closed");
        } catch (UncheckedIOException | DaybookException e) {
            say("unclosed " + e + " cause " + e.getCause());
        }
    }

    private void follow() {
        try {
            store.subscribe(Follow.from(StartFrom.beginning()).named("totals"), event -> { });
            say("named");
        } catch (UncheckedIOException | DaybookException e) {
            say("unnamed " + e + " cause " + e.getCause());
        }
    }

    private boolean append(int number) {
        try {
            AppendResult result = store.commit(load.commit(store, life, 0, number), load.rung(0, number));
            say("ack 0 " + number + " " + result.firstPosition() + " " + System.nanoTime());
            return true;
        } catch (DurabilityException e) {
            forceFailed = true;
            undurable = true;
            require(e.result() != null && e.getCause() != null && load.rung(0, number) == Durability.DISK, e);
            say("undurable " + number + " " + e.result().firstPosition());
        } catch (UncheckedIOException | DaybookException e) {
            forceFailed = e.getMessage().contains("force of the journal failed");
            say("refused " + e + " cause " + e.getCause());
        }
        return false;
    }

    private void requireRefusal(Durability rung) {
        long end = store.endPosition();
        Load one = load.with(Load.Knob.DISK_EVERY, rung == Durability.DISK ? 1 : 1_000_000);
        try {
            store.commit(one.commit(store, life, 1, 0), rung);
        } catch (DaybookException e) {
            require(!(e instanceof DurabilityException) && e.getCause() != null && store.endPosition() == end, e);
            return;
        }
        throw new AssertionError("appended behind a failed force: rung=" + rung);
    }

    private void requireNotDurable() {
        require(store.endPosition(Durability.DISK) < store.endPosition(), null);
        try {
            store.awaitDurable(store.endPosition() - 1, Durability.DISK, Duration.ofSeconds(1));
        } catch (DurabilityException e) {
            return;
        }
        throw new AssertionError("durable behind a failed force");
    }

    private static void require(boolean holds, Throwable e) {
        if (!holds) {
            throw new AssertionError("not as promised", e);
        }
    }
}
