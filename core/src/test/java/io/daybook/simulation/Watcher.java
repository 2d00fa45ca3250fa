package io.daybook.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalInUseException;
import io.daybook.ModelStore;
import io.daybook.Poller;
import io.daybook.ReadRange;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/** One that follows, step by step, beside what the model says that it must be handed. With a name or without. */
final class Watcher {

    private final Random random;
    private final ModelStore model;
    private final String name;
    private final Filter filter;
    private final Durability rung;
    private final LongSupplier durable;
    private final List<String> seen = new ArrayList<>();
    private EventStore store;
    private Poller poller;
    private long looked;
    private long saved;
    private boolean known;
    private boolean lost;
    private boolean failing;

    /** {@code name}: null for none. {@code durable}: behind what the owner has forced. */
    Watcher(Random random, ModelStore model, String name, Filter filter, LongSupplier durable) {
        this.random = random;
        this.model = model;
        this.name = name;
        this.filter = filter;
        this.durable = durable;
        rung = random.nextInt(3) == 0 ? Durability.DISK : Durability.PROCESS;
    }

    /** Starts, or starts again, with this store. A checkpoint of events that were lost must be refused; then the name begins anew. */
    void start(EventStore with, Path folder) throws IOException {
        store = with;
        Follow follow = Follow.from(startOf(looked)).filter(filter).visibleFrom(rung);
        if (name == null) {
            if (looked >= model.endPosition()) {
                assertThrows(IllegalArgumentException.class, () -> store.poller(follow, this::take), () -> this + ": behind the end");
                looked = model.endPosition() - 1;
            }
            poller = store.poller(Follow.from(startOf(looked)).filter(filter).visibleFrom(rung), this::take);
            return;
        }
        if (lost) {
            assertThrows(EpochException.class, () -> store.poller(follow.named(name), this::take), () -> this + ": lost events");
            Files.delete(folder.resolve("followers").resolve(name + ".dbk"));
            known = false;
            lost = false;
        }
        if (!known) {
            saved = random.nextLong(model.endPosition() + 1) - 1;
            known = true;
            poller = store.poller(Follow.from(startOf(saved)).filter(filter).visibleFrom(rung).named(name), this::take);
        } else {
            poller = store.poller(Follow.from(StartFrom.now()).filter(filter).visibleFrom(rung).named(name), this::take);
        }
        looked = saved;
        if (random.nextInt(4) == 0) {
            assertThrows(JournalInUseException.class, () -> store.poller(follow.named(name), this::take),
                () -> this + ": the name is held");
        }
        assertEquals(looked, poller.position(), this::toString);
    }

    private static StartFrom startOf(long handled) {
        return handled < 0 ? StartFrom.beginning() : StartFrom.after(handled);
    }

    private void take(EventView event) {
        if (failing) {
            throw new IllegalStateException("a handler's own");
        }
        seen.add(Events.line(event.copy()));
    }

    /** Polls once, and compares. */
    void poll() throws Exception {
        int limit = 1 + random.nextInt(random.nextInt(8) == 0 ? 2_000 : 40);
        long before = visibleEnd();
        if (random.nextInt(20) == 0) {
            pollInVain(before, limit);
        }
        seen.clear();
        int handed = poller.poll(limit);
        assertEquals(seen.size(), handed, this::toString);
        long after = visibleEnd();
        List<RecordedEvent> wanted = wanted(after, limit);
        assertEquals(Events.lines(wanted).subList(0, Math.min(handed, wanted.size())), seen,
            () -> this + ": visible=" + before + ".." + after + " limit=" + limit);
        assertTrue(handed >= Math.min(limit, wanted(before, limit).size()), () -> this + ": handed=" + seen.size() + " limit=" + limit);
        long position = poller.position();
        if (handed == limit) {
            assertEquals(wanted.get(handed - 1).position(), position, this::toString);
        } else {
            assertTrue(position >= before - 1 && position < Math.max(after, looked + 1), () -> this + ": position=" + position);
        }
        moveTo(position);
        assertTrue(poller.lagEvents() <= model.endPosition() - 1 - looked, () -> this + ": lag=" + poller.lagEvents());
    }

    private long visibleEnd() {
        return rung == Durability.DISK ? durable.getAsLong() : model.endPosition();
    }

    /** What the handler throws comes out, and the event comes again. */
    private void pollInVain(long end, int limit) throws Exception {
        if (!wanted(end, 1).isEmpty()) {
            failing = true;
            assertThrows(IllegalStateException.class, () -> poller.poll(limit), this::toString);
            failing = false;
            moveTo(poller.position());
        }
    }

    private List<RecordedEvent> wanted(long end, int limit) {
        ReadRange range = ReadRange.all().limit(limit);
        return end == 0 ? List.of() : model.readAll(startOf(looked), filter, range.toPosition(end - 1));
    }

    /** The checkpoint stands at the last end of a commit. */
    private void moveTo(long position) {
        if (position > looked) {
            looked = position;
            RecordedEvent last = model.event(position);
            boolean commitEnd = position == last.commitPosition() + last.commitSize() - 1;
            saved = Math.max(saved, commitEnd ? position : last.commitPosition() - 1);
        }
    }

    /** Gives the name up. */
    void stop() {
        if (poller != null) {
            poller.close();
            assertThrows(StoreClosedException.class, () -> poller.poll(1), this::toString);
            poller = null;
        }
    }

    /** The journal ends here now; what lay behind is lost. */
    void cutTo(long end) {
        lost |= known && saved >= end;
    }

    boolean isRunning() {
        return poller != null;
    }

    /** True if it is this store's. */
    boolean isOf(EventStore other) {
        return poller != null && store == other;
    }

    @Override
    public String toString() {
        return "watcher name=" + name + " filter=" + filter + " rung=" + rung + " looked=" + looked + " saved=" + saved;
    }
}
