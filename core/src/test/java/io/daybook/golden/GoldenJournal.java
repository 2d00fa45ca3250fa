package io.daybook.golden;

import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreClock;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Makes a golden journal once per format, and brings it back for ever. Run {@link #main} only when the format version changes. */
final class GoldenJournal {

    private static final long FIRST_NS = 1_700_000_000_000_000_000L;
    private static final int LONGEST_STREAM = 300;

    private GoldenJournal() {
    }

    /** Writes {@code version-N.zip} and {@code version-N.txt} into the folder given. */
    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[0]);
        Path folder = Files.createTempDirectory("golden").resolve("journal");
        try (EventStore store = EventStore.open(folder, settings())) {
            fill(store);
            Files.write(target.resolve("version-1.txt"), lines(store));
        }
        zip(folder, target.resolve("version-1.zip"));
    }

    private static StoreSettings settings() {
        long[] now = {FIRST_NS};
        return StoreSettings.create().cycleBytes(1 << 20).clock(new StoreClock() {
            @Override
            public long wallNs() {
                return now[0];
            }

            @Override
            public long monotonicNs() {
                now[0] += 1_000_001;
                return now[0];
            }
        });
    }

    private static void fill(EventStore store) {
        store.append("account-1", Expected.absent(), NewEvent.json("Opened", "{\"cents\":900}"));
        store.append("account-1", Expected.exactly(0), NewEvent.json("Paid", "{\"cents\":100}").withId(new UUID(1, 2)).withSchemaVersion(7)
                .withMetadata("{\"by\":\"ü\"}".getBytes(StandardCharsets.UTF_8)));
        store.commit(Commit.create().expect("account-1", Expected.present()).append("account-1", NewEvent.of("Sent", new byte[] {0, 1, -1}))
                .append("Konto-€", NewEvent.json("Got", "{}").withId(new UUID(-1, -1)), NewEvent.json("Got", "")));
        for (int i = 0; i < LONGEST_STREAM; i++) {
            store.append("long-stream", Expected.exactly(i - 1), NewEvent.json("Counted", "{\"n\":" + i + "}"));
        }
        byte[] large = new byte[400_000];
        for (int i = 0; i < 4; i++) { // over the end of a cycle
            large[i] = (byte) i;
            store.append("large", Expected.any(), NewEvent.of("Large", large));
        }
        store.append("account-1", Expected.exactly(2), NewEvent.json("Closed", "{}"));
    }

    /** One line an event, with everything that it has. */
    static List<String> lines(EventStore store) {
        try (Cursor events = store.readAll(StartFrom.beginning(), Filter.all())) {
            return events.toList().stream().map(GoldenJournal::line).toList();
        }
    }

    private static String line(RecordedEvent e) {
        HexFormat hex = HexFormat.of();
        String payload = e.payload().length > 1000 ? "bytes=" + e.payload().length + " first=" + hex.formatHex(e.payload(), 0, 8)
                : hex.formatHex(e.payload());
        return String.join(" ", "" + e.position(), e.entity(), "" + e.version(), e.type(), "" + e.id(), "" + e.timeNs(),
                "" + e.schemaVersion(), "" + e.commitPosition(), "" + e.commitSize(),
                "metadata=" + hex.formatHex(e.metadata()), "payload=" + payload);
    }

    /** Packs what is truth, without the holes at the files' ends. */
    private static void zip(Path folder, Path zip) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip)); Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).filter(f -> !f.startsWith(folder.resolve("index"))).sorted().toList()) {
                out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                copyUpToLastByte(file, out);
                out.closeEntry();
            }
        }
    }

    private static void copyUpToLastByte(Path file, OutputStream out) throws IOException {
        long size = file.toString().endsWith(".cq4") ? 2L << 20 : Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            out.write(in.readNBytes((int) size));
        }
    }

    /** Unpacks a golden journal of the resources. */
    static void unpack(String name, Path folder) throws IOException {
        try (ZipInputStream in = new ZipInputStream(GoldenJournal.class.getResourceAsStream("/golden/" + name + ".zip"))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(in, file);
            }
        }
    }
}
