package io.daybook.journal;

import io.daybook.host.TypeNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.pool.ClassAliasPool;
import net.openhft.chronicle.core.pool.ClassLookup;
import net.openhft.chronicle.wire.BinaryWire;
import net.openhft.chronicle.wire.TextWire;

/** The first document of a file of Chronicle Queue, its description of the file. */
final class ChronicleHeader {

    private static final int LENGTH_MASK = (1 << 30) - 1;
    private static final int MOST_LENGTH = 64 << 10;
    private static final Set<String> TYPES = Set.of("SCQStore", "SCQSIndexing", "SCQSRoll", "SCQMeta", "STStore", "WireType", "byte",
            "short", "int");

    /** The conversion to text asks for a type here and there. */
    private static final ClassLookup NONE_BUT_ITS_OWN = new ClassLookup() {
        @Override
        public Class<?> forName(CharSequence name) {
            if (!TYPES.contains(name.toString())) {
                throw new IllegalArgumentException("A type that is not Chronicle Queue's: type=" + name);
            }
            return ClassAliasPool.CLASS_ALIASES.forName(name);
        }

        @Override
        public String nameFor(Class<?> type) {
            return ClassAliasPool.CLASS_ALIASES.nameFor(type);
        }

        @Override
        public void addAlias(Class<?>... types) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addAlias(Class<?> type, String names) {
            throw new UnsupportedOperationException();
        }
    };

    private ChronicleHeader() {
    }

    /**
     * Whether a file may be given to Chronicle: its description, if it has one yet, can be read and names only {@link TypeNames types} of
     * Chronicle's own. No class is loaded for that.
     */
    static boolean namesOnlyItsOwnTypes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!JournalFolder.hasFirstHeader(channel)) {
                return true;
            }
            int length = read(channel, 0, Integer.BYTES).getInt(0) & LENGTH_MASK;
            if (length > MOST_LENGTH) {
                return false;
            }
            Bytes<?> text = Bytes.allocateElasticOnHeap(MOST_LENGTH);
            BinaryWire wire = new BinaryWire(Bytes.wrapForRead(read(channel, Integer.BYTES, length)));
            wire.classLookup(NONE_BUT_ITS_OWN);
            wire.copyTo(new TextWire(text));
            return TypeNames.areAmong(TYPES, text.toString());
        } catch (RuntimeException | StackOverflowError e) {
            return false; // not what Chronicle writes
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            continue;
        }
        return bytes.flip();
    }
}
