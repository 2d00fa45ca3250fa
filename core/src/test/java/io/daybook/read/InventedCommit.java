package io.daybook.read;

import io.daybook.NewEvent;
import io.daybook.envelope.CommitEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Any commit that the format can hold.
 *
 * @param events   in order
 * @param position of the first
 * @param timeNs   of all
 * @param epoch    of all
 * @param lag      position less the durable position when it was written
 */
record InventedCommit(List<Event> events, long position, long timeNs, int epoch, long lag) {

    private static final int LARGEST_PAYLOAD = 1 << 20;

    /** One event with what the store would add. */
    record Event(String entity, NewEvent event, long version, long previous, long skip) {
    }

    static Arbitrary<InventedCommit> any() {
        Arbitrary<List<Event>> events = Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(20, event(2_000).list().ofMinSize(1).ofMaxSize(6)),
            net.jqwik.api.Tuple.of(1, event(LARGEST_PAYLOAD).list().ofMinSize(1).ofMaxSize(2)),
            net.jqwik.api.Tuple.of(1, event(20).list().ofSize(300)));
        Arbitrary<Long> positions = Arbitraries.longs().between(0, (1L << 56) - 400);
        Arbitrary<Integer> epochs = Arbitraries.integers().between(1, 65_535);
        Arbitrary<Long> lags = Arbitraries.longs().between(0, 1L << 33);
        return Combinators.combine(events, positions, Arbitraries.longs(), epochs, lags)
            .as((all, position, time, epoch, lag) -> new InventedCommit(all, position, time, epoch, Math.min(lag, position)));
    }

    private static Arbitrary<Event> event(int mostBytes) {
        Arbitrary<UUID> ids = Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new).injectNull(0.5);
        Arbitrary<byte[]> payloads = bytes(mostBytes);
        Arbitrary<byte[]> metadata = bytes(Math.min(mostBytes, 65_536));
        Arbitrary<NewEvent> events = Combinators.combine(ids, names(255), Arbitraries.integers().between(0, 65_535), metadata, payloads)
            .as(NewEvent::new);
        Arbitrary<Long> addresses = Arbitraries.longs().greaterOrEqual(0);
        Arbitrary<Long> versions = Arbitraries.longs().between(0, (1L << 40) - 1);
        return Combinators.combine(names(512), events, versions, addresses, addresses).as(Event::new);
    }

    private static Arbitrary<byte[]> bytes(int most) {
        return Combinators.combine(Arbitraries.integers().between(0, most), Arbitraries.longs()).as((length, seed) -> {
            byte[] bytes = new byte[length];
            new java.util.Random(seed).nextBytes(bytes);
            return bytes;
        });
    }

    /** All of Unicode but what a name must not hold, up to so many bytes of UTF-8. */
    private static Arbitrary<String> names(int mostBytes) {
        Arbitrary<Integer> points = Arbitraries.oneOf(Arbitraries.integers().between(' ', '~'), Arbitraries.integers().between(0xA0, 0x7FF),
            Arbitraries.integers().between(0x800, 0xD7FF), Arbitraries.integers().between(0xE000, 0xFFFF),
            Arbitraries.integers().between(0x1_0000, 0x10_FFFF));
        return points.array(int[].class).ofMinSize(1).ofMaxSize(mostBytes).map(all -> {
            StringBuilder name = new StringBuilder();
            int bytes = 0;
            for (int point : all) {
                bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
                if (bytes > mostBytes) {
                    break;
                }
                name.appendCodePoint(point);
            }
            return name.toString();
        });
    }

    /** Its bytes. */
    byte[] encoded() {
        CommitEncoder encoder = new CommitEncoder(LARGEST_PAYLOAD);
        encoder.begin();
        for (Event event : events) {
            byte[] name = event.entity.getBytes(StandardCharsets.UTF_8);
            encoder.add(name, 0, name.length, event.event);
        }
        for (int i = 0; i < events.size(); i++) {
            encoder.stamp(i, events.get(i).version, events.get(i).previous, events.get(i).skip);
        }
        encoder.head(position, timeNs, epoch, position - lag);
        encoder.seal();
        return Arrays.copyOf(encoder.bytes(), encoder.paddedLength());
    }
}
