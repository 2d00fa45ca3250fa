package io.daybook.journal;

import io.daybook.JournalDamagedException;
import io.daybook.StoreSettings;
import io.daybook.host.Uninterrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/**
 * All windows over a journal's files. They begin every 256 MiB and overlap by more than the largest commit, so that a commit always lies
 * in one window whole. A window never reaches past the end of its file: touching such a page would end the JVM. When the file has grown, a
 * longer one takes its place. Thread-safe; a look-up takes no lock and makes no garbage. Internal: not part of the API.
 */
public final class Windows {

    private static final long STEP = 256L << 20;
    private static final long OVERLAP = StoreSettings.MAX_COMMIT_BYTES + (1L << 20);

    private final JournalFolder folder;
    private volatile Window[][] byCycle = new Window[0][];

    /** Of the journal in this folder; maps nothing yet. */
    public Windows(JournalFolder folder) {
        this.folder = folder;
    }

    /** A window that begins at or before the offset and holds so many bytes of the file from there. Null if the file is not that long. */
    public Window at(int cycle, long offset, long length) {
        Window window = kept(cycle, offset, length);
        if (window != null) {
            return window;
        }
        return length > OVERLAP ? null : map(cycle, (int) (offset / STEP), offset, length);
    }

    private Window kept(int cycle, long offset, long length) {
        Window[][] all = byCycle;
        int step = (int) (offset / STEP);
        if (cycle >= all.length || all[cycle] == null || step >= all[cycle].length) {
            return null;
        }
        Window window = all[cycle][step];
        return window != null && window.holds(offset, length) ? window : null;
    }

    /** The same for bytes that must be there. */
    public Window require(int cycle, long offset, long length) {
        Window window = at(cycle, offset, length);
        if (window == null) {
            throw new JournalDamagedException("The file ends before the bytes that it should hold", fileName(cycle), offset);
        }
        return window;
    }

    /** Name of a cycle's file, for messages. */
    public String fileName(int cycle) {
        return folder.cycleFile(cycle).toString();
    }

    /** The first cycle that has a file; 0 if there is none. */
    public int firstCycle() {
        int[] cycles = folder.cycles();
        return cycles.length == 0 ? 0 : cycles[0];
    }

    /** The next cycle behind this one that has a file; -1 if there is none. */
    public int cycleAfter(int cycle) {
        if (folder.cycleFile(cycle + 1).toFile().exists()) {
            return cycle + 1;
        }
        return Arrays.stream(folder.cycles()).filter(c -> c > cycle).findFirst().orElse(-1);
    }

    /** Maps anew from now on: files may have been moved away and made again. */
    public synchronized void forget() {
        byCycle = new Window[0][];
    }

    /** Whether the window's file still has its name. If not, it is let go of: the next one is over the file that has the name now. */
    boolean isCurrent(Window window) {
        try {
            if (Objects.equals(window.fileKey(), fileKey(folder.cycleFile(window.cycle())))) {
                return true;
            }
        } catch (IOException e) {
            // not there, or not to be looked at: whoever maps it meets that
        }
        drop(window);
        return false;
    }

    private synchronized void drop(Window window) {
        Window[][] all = byCycle.clone();
        if (window.cycle() < all.length && all[window.cycle()] != null) {
            all[window.cycle()] = Arrays.stream(all[window.cycle()]).map(kept -> kept == window ? null : kept).toArray(Window[]::new);
            byCycle = all;
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private synchronized Window map(int cycle, int step, long offset, long length) {
        Window mapped = kept(cycle, offset, length); // by one of the many who came to the end of a file at once
        if (mapped != null) {
            return mapped;
        }
        try {
            return Uninterrupted.call(() -> mapOnce(cycle, step, offset, length));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Window mapOnce(int cycle, int step, long offset, long length) throws IOException {
        Path file = folder.cycleFile(cycle);
        long base = step * STEP;
        Object fileKey = fileKey(file); // before it is opened: if another one takes the name meanwhile, the window is not current
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = Math.min(channel.size(), base + STEP + OVERLAP);
            // A file without a first header may be moved away and made anew: whoever kept it would wait for it for ever.
            if (offset + length > end || !JournalFolder.hasFirstHeader(channel)) {
                return null;
            }
            Window window = new Window(cycle, base, fileKey, channel.map(FileChannel.MapMode.READ_ONLY, base, end - base));
            keep(cycle, step, window);
            return window;
        }
    }

    private void keep(int cycle, int step, Window window) {
        Window[][] all = byCycle;
        if (cycle >= all.length) {
            all = Arrays.copyOf(all, Math.max(cycle + 1, all.length * 3 / 2));
        } else {
            all = all.clone();
        }
        Window[] steps = all[cycle] == null ? new Window[step + 1] : Arrays.copyOf(all[cycle], Math.max(step + 1, all[cycle].length));
        steps[step] = window;
        all[cycle] = steps;
        byCycle = all;
    }
}
