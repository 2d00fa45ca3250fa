package io.daybook.journal;

import io.daybook.envelope.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * For {@link io.daybook.LincheckTest}: callers that share forces. Each appends and waits until that is forced; what another one forced
 * meanwhile counts. The files are real, so this is for stress only. Lincheck needs it public.
 */
public class SharedForces {

    private static final JournalFolder FOLDER = folder();
    private static final StateFile STATE = state();

    private final Forcer forcer = new Forcer(FOLDER, STATE, 0, Address.of(0, 64));
    private final AtomicLong end = new AtomicLong();

    private static JournalFolder folder() {
        JournalFolder folder = new JournalFolder(Path.of(System.getProperty("daybook.lincheck.folder")));
        try {
            Files.createDirectories(folder.queue());
            Files.write(folder.cycleFile(0), new byte[1 << 16]);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StateFile state() {
        try {
            return StateFile.open(FOLDER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True if what was appended is known to be forced. */
    @Operation
    public boolean appendAndForce() throws IOException {
        long own = end.incrementAndGet();
        boolean forced = forcer.force(own, this::written, Long.MAX_VALUE);
        return forced && forcer.forcedPosition() >= own && STATE.durablePosition() > 0;
    }

    private Forcer.Mark written() {
        long seen = end.get();
        return new Forcer.Mark(seen, Address.of(0, 64 + 8 * seen));
    }
}
