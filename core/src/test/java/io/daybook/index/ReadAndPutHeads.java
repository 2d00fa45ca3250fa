package io.daybook.index;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.IntGen;

/**
 * For {@link io.daybook.LincheckTest}: the table of heads, one writer and readers without a lock. The table is so full that a new head
 * makes the writer drop clean ones. Lincheck needs it public.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:13")
public class ReadAndPutHeads {

    private static final int THERE_AT_FIRST = 11;
    private static final int TORN = -2;
    private static final long SEGMENT = 0xFF;

    private final HeadTable table = new HeadTable(0);
    private final long[] counts = new long[14];

    /** Fills it, and says that all of it is on disk. */
    public ReadAndPutHeads() {
        for (int key = 0; key < THERE_AT_FIRST; key++) {
            table.put(head(key, ++counts[key]), 0);
        }
        table.endFlush(table.beginFlush());
    }

    private static long[] head(int key, long count) {
        long[] head = new long[Head.WORDS];
        head[0] = SEGMENT << 56 | key;
        head[1] = 0x1000 + 7 * key;
        head[Head.META] = count;
        for (int i = Head.NEWEST; i < Head.WORDS; i++) {
            head[i] = count * 31 + key;
        }
        return head;
    }

    /** The entity gets an event. */
    @Operation(nonParallelGroup = "writer")
    public long put(@Param(name = "key") int key) {
        table.put(head(key, ++counts[key]), 0);
        return counts[key];
    }

    /** All is on disk: heads may be dropped. */
    @Operation(nonParallelGroup = "writer")
    public void flush() {
        table.endFlush(table.beginFlush());
    }

    /** Events of an entity; -1 if its head was dropped. */
    @Operation
    public long read(@Param(name = "key") int key) {
        long[] head = head(key, 0);
        table.prefetch(head[0], head[1]); // as an append does before it has the lock
        if (!table.read(head, 0)) {
            return -1;
        }
        long count = Head.count(head[Head.META]);
        for (int i = Head.NEWEST; i < Head.WORDS; i++) {
            if (head[i] != count * 31 + key) {
                return TORN; // no order of the calls answers that
            }
        }
        return count;
    }
}
