package io.daybook.bench.contender;

import io.aeron.FragmentAssembler;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.IdleStrategy;

/**
 * Aeron Archive: a floor that checks no version. What was only offered lies in the driver's buffers, which nothing reads again after a
 * kill; so an append is answered when the archive's position covers it: it has then been written to the recording's file, and forced at
 * level 1. A message holds the events of a batch.
 */
final class AeronContender implements Contender {

    @Override
    public String name() {
        return "aeron";
    }

    @Override
    public String title() {
        return "Aeron Archive 1.51.0";
    }

    @Override
    public boolean checksVersions() {
        return false;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0, Durability.D2, Durability.D2G);
    }

    @Override
    public int filledBy() {
        return 1;
    }

    @Override
    public String setup() {
        return "ArchivingMediaDriver in the JVM, IPC, one shared thread each, backing off; an append is answered when it is recorded (D2G:"
                + " offered); fileSyncLevel 0, D2 and D2G: 1; a load replays once an event, positions of all events kept in memory";
    }

    @Override
    public EventLog open(Path folder, Durability durability) {
        return new Log(AeronRecording.open(folder, durability == Durability.D0 ? 0 : 1), durability == Durability.D2G);
    }

    private record Log(AeronRecording recording, boolean pipelines) implements EventLog {
        @Override
        public Writer writer() {
            return new RecordedWriter(recording, pipelines);
        }

        @Override
        public Reader reader() {
            return new ReplayReader(recording);
        }

        @Override
        public void awaitForced(long position) {
            recording.awaitRecorded(position, AeronRecording.idle());
        }

        @Override
        public void close() {
            recording.close();
        }
    }

    private static final class RecordedWriter implements Writer {
        private final AeronRecording recording;
        private final boolean pipelines;
        private final IdleStrategy idle = AeronRecording.idle();
        private final PackedEvents events = new PackedEvents();

        RecordedWriter(AeronRecording recording, boolean pipelines) {
            this.recording = recording;
            this.pipelines = pipelines;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            return send(events.of(entity, expected, payload));
        }

        @Override
        public boolean appendAll(Batch batch) {
            send(events.of(batch));
            return true;
        }

        private long send(PackedEvents message) {
            long position = recording.offer(message.buffer(), message.length(), idle);
            if (!pipelines) {
                recording.awaitRecorded(position, idle);
            }
            return position;
        }
    }

    /** Where a message lies in the recording. */
    private record Extent(long from, long to) {
    }

    /** Loads by the positions of an entity's messages, which somebody would have to keep; here they are looked for at the first load. */
    private static final class ReplayReader implements Reader {
        private final AeronRecording recording;
        private Map<String, List<Extent>> extents;
        private long count;

        ReplayReader(AeronRecording recording) {
            this.recording = recording;
        }

        @Override
        public int load(String entity, Sink sink) {
            if (extents == null) {
                extents = allExtents();
            }
            count = 0;
            FragmentHandler handler = handler(sink, entity);
            for (Extent extent : extents.getOrDefault(entity, List.of())) {
                recording.replay(extent.from, extent.to, handler);
            }
            return (int) count;
        }

        @Override
        public long replay(Sink sink) {
            count = 0;
            recording.replay(0, recording.endPosition(), handler(sink, null));
            return count;
        }

        private Map<String, List<Extent>> allExtents() {
            Map<String, List<Extent>> all = new HashMap<>();
            long[] from = new long[1];
            recording.replay(0, recording.endPosition(), new FragmentAssembler((message, offset, length, header) -> {
                Extent extent = new Extent(from[0], header.position());
                PackedEvents.names(message, offset, length, name -> {
                    List<Extent> own = all.computeIfAbsent(name, key -> new ArrayList<>());
                    if (own.isEmpty() || own.get(own.size() - 1) != extent) {
                        own.add(extent);
                    }
                });
                from[0] = extent.to;
            }));
            return all;
        }

        private FragmentHandler handler(Sink sink, String only) {
            return new FragmentAssembler((message, offset, length, header) ->
                    count += PackedEvents.handOut(message, offset, length, only, sink));
        }
    }
}
