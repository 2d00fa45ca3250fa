package io.daybook.bench.workload;

import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Reader;
import java.util.Map;

/** W5 and W6: one reader, closed loop, that looks at each payload. */
final class ReadLoop {

    private static final int CHUNK_LOADS = 200_000;

    private ReadLoop() {
    }

    /** Loads entities, picked at random, of as many events each as the case has for each entity. */
    static Outcome load(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, measured.events());
            int each = measured.events() / measured.entities();
            Reader reader = log.reader();
            Picks picks = new Picks(measured, each, 2);
            long[] sum = new long[1];
            Reader.Sink sink = (version, buffer, offset, length) -> sum[0] += version + Payloads.number(buffer, offset);
            Chunks chunks = new Chunks(new Chunks.Work() {
                @Override
                public void prepare(int operations) {
                    picks.chooseNames(operations);
                }

                @Override
                public long run(int operations) {
                    sum[0] = 0;
                    long expected = 0;
                    for (int i = 0; i < operations; i++) {
                        if (reader.load(picks.name(i), sink) != each) {
                            throw new IllegalStateException("Events are missing: entity=" + picks.name(i));
                        }
                        expected += sumOf(picks.entity(i), each, measured.entities());
                    }
                    require(sum[0], expected);
                    return operations;
                }
            }, CHUNK_LOADS).measure(measured.seconds());
            return new Outcome("ns/load", chunks.nsPerEvent(), chunks.metrics(), null);
        }
    }

    /** Versions and numbers of the events of an entity, as they were filled in. */
    private static long sumOf(long entity, long each, long entities) {
        return each * (each - 1) / 2 + each * entity + entities * (each * (each - 1) / 2);
    }

    /** Hands out everything. */
    static Outcome replay(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            long events = measured.events();
            Ground.fill(log, measured, 0, events);
            Reader reader = log.reader();
            long[] sum = new long[1];
            Reader.Sink sink = (version, buffer, offset, length) -> sum[0] += Payloads.number(buffer, offset);
            Chunks chunks = new Chunks(new Chunks.Work() {
                @Override
                public void prepare(int operations) {
                    sum[0] = 0;
                }

                @Override
                public long run(int operations) {
                    long seen = reader.replay(sink);
                    require(seen, events);
                    require(sum[0], events * (events - 1) / 2);
                    return seen;
                }
            }, 1).measure(measured.seconds());
            Map<String, Double> metrics = chunks.metrics();
            return new Outcome("ns/event", chunks.nsPerEvent(), metrics, null);
        }
    }

    private static void require(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("Not everything was handed out: found=" + found + " expected=" + expected);
        }
    }
}
