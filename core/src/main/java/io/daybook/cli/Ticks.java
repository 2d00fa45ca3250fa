package io.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.EventHandler;
import io.daybook.EventView;
import io.daybook.NewEvent;
import io.daybook.metrics.LatencyRecorder;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Events that carry the time at which they were appended, and whoever follows them: how many events there were to catch up with, how long
 * that took, and how long after its append each tick of this run arrived. The monotonic clock of Linux is the same in all processes. Read
 * it only after one of the latches.
 */
final class Ticks implements EventHandler {

    static final String ENTITY = "demo-clock";
    private static final String TICK = "Tick";
    private static final String END = "TicksEnded";

    final CountDownLatch caughtUp = new CountDownLatch(1);
    final LatencyRecorder latencies = new LatencyRecorder();
    private final String run;
    private final long startNs = System.nanoTime();
    private final Runnable whenEnded;
    private final Consumer<Throwable> whenFailed;
    private long events;
    private long caughtUpEvents;
    private long caughtUpNs;
    private Throwable failure;

    /** Of the run with this name; tells when it saw its end, or what stopped it before. */
    Ticks(String run, Runnable whenEnded, Consumer<Throwable> whenFailed) {
        this.whenFailed = whenFailed;
        this.run = run;
        this.whenEnded = whenEnded;
    }

    /** A tick of this run that is appended now. */
    NewEvent tick() {
        return NewEvent.json(TICK, "{\"run\":\"" + run + "\",\"ns\":" + System.nanoTime() + "}");
    }

    /** The last event of this run. */
    NewEvent end() {
        return NewEvent.json(END, "{\"run\":\"" + run + "\"}");
    }

    @Override
    public void onEvent(EventView event) throws IOException {
        long nowNs = System.nanoTime();
        events++;
        if (event.entityLength() != ENTITY.length() || !event.entity().equals(ENTITY)) return;
        JsonNode payload = Json.MAPPER.readTree(event.copy().payload());
        if (!payload.path("run").asText().equals(run)) return;
        if (event.type().equals(TICK)) latencies.record(nowNs - payload.path("ns").asLong());
        if (event.type().equals(END)) whenEnded.run();
    }

    @Override
    public void onCaughtUp(long position) {
        caughtUpEvents = events;
        caughtUpNs = System.nanoTime() - startNs;
        caughtUp.countDown();
    }

    @Override
    public void onStopped(Throwable cause) {
        failure = cause;
        caughtUp.countDown();
        if (cause != null) whenFailed.accept(cause);
    }

    /** What it caught up with. */
    Facts catchUp() {
        if (failure != null) throw new Failure("A subscription stopped: cause=" + failure);
        return new Facts().with("caughtUpEvents", caughtUpEvents).withRate("caughtUpPerSecond", caughtUpEvents, caughtUpNs);
    }

    /** How soon ticks arrived. */
    Facts arrival() {
        return new Facts().with("ticks", latencies.count()).with("p50Us", latencies.percentileNs(50) / 1000.0)
            .with("p99Us", latencies.percentileNs(99) / 1000.0).with("maxUs", latencies.maxNs() / 1000.0);
    }
}
