package io.daybook.bench.workload;

import io.daybook.bench.contender.Batch;
import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Writer;
import java.util.Map;

/** W1, W3, W4: one writer, closed loop. */
final class AppendLoop {

    private static final int CHUNK_EVENTS = 500_000;
    private static final int MOST_CHUNKS = 6; // page frames are warmed before each
    private static final int LOOK_EVENTS = 250_000; // of a chunk where a second is measured only
    private static final long ENVELOPE_BYTES = 112; // a bound for what an event takes on the disk beside its payload, for sizing

    private AppendLoop() {
    }

    /** Work that knows how many events it has appended. */
    private interface Appending extends Chunks.Work {
        long appended();
    }

    /** Single events, each with the version that its entity has. */
    static Outcome append(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            long events = Math.max(measured.entities(), measured.events() / measured.entities() * measured.entities());
            Ground.fill(log, measured, 0, events);
            return measure(new Singles(log.writer(), measured, ground, events), events, measured, ground);
        }
    }

    /** Commits of events of one entity each. */
    static Outcome batch(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, measured.entities());
            return measure(new Batches(log.writer(), measured, ground), measured.entities(), measured, ground);
        }
    }

    private static Outcome measure(Appending work, long filled, Case measured, Ground ground) {
        long bytesBefore = ground.diskBytes();
        int chunkEvents = measured.seconds() > 1 ? CHUNK_EVENTS : LOOK_EVENTS;
        Chunks chunks = new Chunks(work, chunkEvents / measured.batch()).ofAtMost((long) MOST_CHUNKS * chunkEvents)
                .measure(measured.seconds());
        Map<String, Double> metrics = chunks.metrics();
        if (work.appended() > filled) { // else an index of what was there before, made anew meanwhile, would count for more
            metrics.put("diskBytesPerEvent", (double) (ground.diskBytes() - bytesBefore) / work.appended());
        }
        return new Outcome("ns/event", chunks.nsPerEvent(), metrics, null);
    }

    /** W4: appends that are refused. At the end nothing of them is there. */
    static Outcome refusal(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, 2L * measured.entities());
            Writer writer = log.writer();
            byte[] payload = new byte[measured.payload()];
            Picks picks = new Picks(measured, 1, 1); // one version behind what is there
            Chunks chunks = new Chunks(new Chunks.Work() {
                @Override
                public void prepare(int operations) {
                    picks.chooseNames(operations);
                }

                @Override
                public long run(int operations) {
                    for (int i = 0; i < operations; i++) {
                        if (writer.append(picks.name(i), 0, payload) != Writer.CONFLICT) {
                            throw new IllegalStateException("A wrong version was taken: entity=" + picks.name(i));
                        }
                    }
                    return operations;
                }
            }, CHUNK_EVENTS).measure(measured.seconds());
            long left = log.reader().replay((version, buffer, offset, length) -> { });
            if (left != 2L * measured.entities()) {
                throw new IllegalStateException("Refused appends left something: events=" + left);
            }
            return new Outcome("ns/refusal", chunks.nsPerEvent(), chunks.metrics(), null);
        }
    }

    private static final class Singles implements Appending {
        private final Writer writer;
        private final Picks picks;
        private final byte[] payload;
        private final Ground ground;
        private long number;

        Singles(Writer writer, Case measured, Ground ground, long events) {
            this.writer = writer;
            this.ground = ground;
            picks = new Picks(measured, events / measured.entities(), 1);
            payload = new byte[measured.payload()];
        }

        @Override
        public long appended() {
            return number;
        }

        @Override
        public void prepare(int operations) {
            picks.choose(operations);
            ground.scratch().warmFrames(operations * (payload.length + ENVELOPE_BYTES) * 3 / 2);
        }

        @Override
        public long run(int operations) {
            for (int i = 0; i < operations; i++) {
                Payloads.number(payload, number++);
                if (writer.append(picks.name(i), picks.expected(i), payload) == Writer.CONFLICT) {
                    throw new IllegalStateException("A conflict where nobody else writes: entity=" + picks.name(i));
                }
            }
            return operations;
        }
    }

    private static final class Batches implements Appending {
        private final Writer writer;
        private final Picks picks;
        private final long[] versions;
        private final byte[][] payloads;
        private final Batch batch;
        private final Ground ground;
        private long number;

        Batches(Writer writer, Case measured, Ground ground) {
            this.writer = writer;
            this.ground = ground;
            picks = new Picks(measured, 1, 1);
            versions = new long[measured.entities()];
            payloads = new byte[measured.batch()][measured.payload()];
            batch = new Batch(measured.batch());
        }

        @Override
        public long appended() {
            return number;
        }

        @Override
        public void prepare(int operations) {
            picks.chooseNames(operations);
            ground.scratch().warmFrames(operations * batchBytes() * 3 / 2);
        }

        private long batchBytes() {
            return payloads.length * (payloads[0].length + ENVELOPE_BYTES);
        }

        @Override
        public long run(int operations) {
            for (int i = 0; i < operations; i++) {
                batch.clear();
                int entity = picks.entity(i);
                for (byte[] payload : payloads) {
                    Payloads.number(payload, number++);
                    batch.add(picks.name(i), versions[entity]++, payload);
                }
                if (!writer.appendAll(batch)) {
                    throw new IllegalStateException("A conflict where nobody else writes: entity=" + picks.name(i));
                }
            }
            return (long) operations * payloads.length;
        }
    }
}
