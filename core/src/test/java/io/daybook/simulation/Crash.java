package io.daybook.simulation;

import io.daybook.JournalFiles;
import io.daybook.OtherBoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What is left of a journal whose owner is killed, or whose machine stops: a copy of the files of an open store. A kill leaves all that was
 * written, and may leave half a document behind the end. A stop of the machine loses any page, or sector, that was not forced, and files
 * that nobody forced. What must be left then follows from the bytes alone, by FORMAT.md: whole commits up to the first broken one.
 */
final class Crash {

    private static final int BLOCK = 4096;
    private static final int SECTOR = 512;
    private static final int END_OF_FILE = 0xC000_0000;
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final Path STATE = Path.of("state.dbk");
    private static final int DURABLE_OFFSET = 16;

    private final Random random;
    private final JournalFiles.Kept kept;
    private final TreeMap<Path, byte[]> cycles = new TreeMap<>();
    private long durable;
    private long end;
    private Path lastCycle;
    private int endOffset;
    private boolean machineStopped;

    /** Of the store in this folder, of which no other thread changes anything but the store's own. */
    Crash(Path folder, Random random) throws IOException {
        this.random = random;
        kept = JournalFiles.keep(folder);
        for (Path name : kept.lengths().keySet()) {
            if (name.toString().endsWith(".cq4")) {
                cycles.put(name, bytes(kept.contents().get(name)));
            }
        }
        durable = ByteBuffer.wrap(kept.contents().get(STATE).get(0L)).order(ByteOrder.LITTLE_ENDIAN).getLong(DURABLE_OFFSET);
    }

    private static byte[] bytes(Map<Long, byte[]> blocks) {
        int length = blocks.keySet().stream().mapToInt(Long::intValue).max().orElse(0) + 2 * BLOCK;
        byte[] bytes = new byte[length];
        blocks.forEach((offset, block) -> System.arraycopy(block, 0, bytes, offset.intValue(), block.length));
        return bytes;
    }

    /** Everything before this position was forced. */
    long durable() {
        return durable;
    }

    /** The position behind the last commit that must be there. */
    long end() {
        return end;
    }

    /** The owner is killed. Answers this. */
    Crash kill() {
        end = walk(cycles, Long.MAX_VALUE);
        byte[] last = lastCycle == null ? null : cycles.get(lastCycle);
        if (last != null && endOffset > 0 && header(last, endOffset) == 0 && random.nextInt(3) == 0) {
            writeHalfADocument(last);
        }
        return this;
    }

    private void writeHalfADocument(byte[] file) {
        byte[] garbage = new byte[random.nextInt(Math.min(3_000, file.length - endOffset - Integer.BYTES))];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, file, endOffset + Integer.BYTES, garbage.length);
        if (random.nextBoolean()) {
            int unknown = NOT_COMPLETE | (random.nextBoolean() ? 0 : garbage.length);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(endOffset, unknown);
        }
    }

    /** The machine stops. Answers this. */
    Crash stopMachine() {
        machineStopped = true;
        walk(cycles, durable);
        Path forcedFile = durable == 0 ? null : lastCycle;
        int forcedTo = endOffset;
        TreeMap<Path, byte[]> left = new TreeMap<>();
        int piece = random.nextBoolean() ? BLOCK : SECTOR;
        int kind = random.nextInt(5);
        boolean[] torn = new boolean[1];
        cycles.forEach((name, bytes) -> {
            int order = forcedFile == null ? 1 : name.compareTo(forcedFile);
            byte[] now = bytes.clone();
            if (order >= 0) {
                lose(now, order == 0 ? forcedTo : 0, new int[] {piece, kind}, torn);
            }
            boolean missing = order > 0 && random.nextInt(6) == 0;
            if (!missing) {
                left.put(name, now);
            }
        });
        end = walkLeft(left);
        cycles.keySet().retainAll(left.keySet());
        cycles.putAll(left);
        if (random.nextBoolean()) {
            byte[] state = kept.contents().get(STATE).get(0L).clone();
            ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).putLong(DURABLE_OFFSET, random.nextLong(durable + 1));
            kept.contents().get(STATE).put(0L, state);
        }
        return this;
    }

    /** Zeros in the place of what did not reach the device, from here on: nothing, a tail, or pieces anywhere. */
    private void lose(byte[] bytes, int from, int[] pieceAndKind, boolean[] torn) {
        int piece = pieceAndKind[0];
        for (int at = from; at < bytes.length; at = at / piece * piece + piece) {
            boolean lost = switch (pieceAndKind[1]) {
                case 0 -> false;
                case 1 -> random.nextInt(40) == 0;
                case 2 -> random.nextBoolean();
                case 3 -> torn[0] = torn[0] || random.nextInt(60) == 0;
                default -> true;
            };
            if (lost) {
                Arrays.fill(bytes, at, Math.min(bytes.length, at / piece * piece + piece), (byte) 0);
            }
        }
    }

    /** Goes through the commits up to this position; where that is stands in two fields. Answers the position reached. */
    private long walk(Map<Path, byte[]> files, long to) {
        long position = 0;
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            byte[] bytes = file.getValue();
            int at = 0;
            while (at + 4 < bytes.length && position < to && isDocument(header(bytes, at))) {
                boolean data = isData(bytes, at);
                position += data ? events(bytes, at) : 0;
                at = next(bytes, at);
                if (data) {
                    lastCycle = file.getKey();
                    endOffset = at;
                }
            }
        }
        return position;
    }

    /** Goes through what is left as long as it is what there was. */
    private long walkLeft(Map<Path, byte[]> left) {
        long position = 0;
        for (Map.Entry<Path, byte[]> file : cycles.entrySet()) {
            byte[] was = file.getValue();
            byte[] is = left.get(file.getKey());
            if (is == null && holdsEvents(was)) {
                return position;
            }
            if (is == null) {
                continue; // nobody misses a file that an owner began and wrote no commit into
            }
            int at = 0;
            for (; at + 4 < was.length && isDocument(header(was, at)); at = next(was, at)) {
                int whole = isData(was, at) ? 4 + length(was, at) : 4;
                if (!Arrays.equals(was, at, at + whole, is, at, at + whole)) {
                    return position;
                }
                position += isData(was, at) ? events(was, at) : 0;
            }
            if (header(is, at) != END_OF_FILE) {
                return position;
            }
        }
        return position;
    }

    private static boolean holdsEvents(byte[] file) {
        int at = 0;
        while (isDocument(header(file, at)) && !isData(file, at)) {
            at = next(file, at);
        }
        return isDocument(header(file, at));
    }

    private static int header(byte[] bytes, int at) {
        return at + 4 > bytes.length ? 0 : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    private static boolean isDocument(int header) {
        return header != 0 && header != END_OF_FILE && (header & NOT_COMPLETE) == 0;
    }

    private static boolean isData(byte[] bytes, int at) {
        return (header(bytes, at) & 0x4000_0000) == 0;
    }

    private static int length(byte[] bytes, int at) {
        return header(bytes, at) & 0x3FFF_FFFF;
    }

    private static int next(byte[] bytes, int at) {
        return at + 4 + length(bytes, at) + 3 & ~3;
    }

    private static int events(byte[] bytes, int at) {
        return (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(at + 4 + 26) & 0xFFFF) + 1;
    }

    /** Puts down what is left. A file has its length, or, as copied and restored files have, ends behind its bytes. */
    void putDown(Path folder) throws IOException {
        kept.lengths().keySet().removeIf(name -> name.toString().endsWith(".cq4") && !cycles.containsKey(name));
        boolean shortened = random.nextInt(100) > 0; // looking through all of 640 MiB takes a while
        cycles.forEach((name, bytes) -> {
            Map<Long, byte[]> blocks = new TreeMap<>();
            for (int at = 0; at < bytes.length; at += BLOCK) {
                blocks.put((long) at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + BLOCK)));
            }
            kept.contents().put(name, blocks);
            if (shortened) {
                kept.lengths().put(name, (long) bytes.length);
            }
        });
        kept.putBack(folder);
        Files.deleteIfExists(folder.resolve("owner.pid"));
        if (machineStopped) {
            OtherBoot.writeInto(folder);
        }
    }
}
