package io.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The last act of the demo: a subscription here and one in a second process catch up with all there is, then follow what is appended. */
final class FollowingAct {

    private static final long BETWEEN_TICKS_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final EventStore store;
    private final Path journal;
    private final Narrator narrator;
    private final long ticks;

    FollowingAct(EventStore store, Path journal, Narrator narrator, long ticks) {
        this.store = store;
        this.journal = journal;
        this.narrator = narrator;
        this.ticks = ticks;
    }

    /** Plays it; false if a tick did not arrive. */
    boolean play() throws IOException, InterruptedException {
        narrator.title("Last act: following, here and in a second process");
        String run = UUID.randomUUID().toString();
        Ticks here = new Ticks(run, () -> { }, cause -> { });
        try (SecondJvm second = SecondJvm.start(narrator.streams(), "demo-follower", "--journal", journal, "--run", run, "--json");
             Subscription subscription = store.subscribe(Follow.from(StartFrom.beginning()), here)) {
            JsonNode secondCatchUp = line(second.out());
            here.caughtUp.await();
            tellCatchUp("here", node(here.catchUp()));
            tellCatchUp("there", secondCatchUp);
            if (!subscription.awaitPosition(append(here), PATIENCE)) {
                throw new Failure("The subscription did not arrive: position=" + subscription.position());
            }
            return tell(node(here.arrival()), line(second.out()), secondCatchUp);
        }
    }

    private long append(Ticks events) {
        for (long n = 0; n < ticks; n++) {
            store.append(Ticks.ENTITY, Expected.any(), events.tick());
            LockSupport.parkNanos(BETWEEN_TICKS_NS);
        }
        return store.append(Ticks.ENTITY, Expected.any(), events.end()).lastPosition();
    }

    private boolean tell(JsonNode here, JsonNode there, JsonNode catchUp) {
        boolean all = here.path("ticks").asLong() == ticks && there.path("ticks").asLong() == ticks;
        tellArrival("here", here);
        tellArrival("there", there);
        if (!all) narrator.streams().say("Ticks did not arrive: appended=" + ticks + " here=" + here + " secondProcess=" + there);
        narrator.end(new Facts().with("act", "following").with("ticks", ticks)
            .with("secondProcessCaughtUpPerSecond", catchUp.path("caughtUpPerSecond").asLong()).with("caughtUpEvents",
                catchUp.path("caughtUpEvents").asLong())
            .with("arrivedHereP50Us", here.path("p50Us").asDouble()).with("arrivedHereP99Us", here.path("p99Us").asDouble())
            .with("arrivedThereP50Us", there.path("p50Us").asDouble()).with("arrivedThereP99Us", there.path("p99Us").asDouble())
            .with("ok", all));
        return all;
    }

    private void tellCatchUp(String where, JsonNode catchUp) {
        narrator.tell(where, "caught up with %,d events, %,d events/s", catchUp.path("caughtUpEvents").asLong(),
            catchUp.path("caughtUpPerSecond").asLong());
    }

    private void tellArrival(String where, JsonNode arrival) {
        narrator.tell(where, "%,d ticks arrived after p50 %.1f µs, p99 %.1f µs, max %.1f µs (parked in between)",
            arrival.path("ticks").asLong(), arrival.path("p50Us").asDouble(), arrival.path("p99Us").asDouble(),
            arrival.path("maxUs").asDouble());
    }

    private static JsonNode node(Facts facts) throws IOException {
        return Json.MAPPER.readTree(facts.json().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode line(BufferedReader out) throws IOException {
        String line = out.readLine();
        if (line == null) throw new Failure("The second process ended early");
        JsonNode facts = Json.MAPPER.readTree(line);
        if (facts.has("failure")) throw new Failure("The second process cannot follow: cause=" + facts.path("failure").asText());
        return facts;
    }
}
