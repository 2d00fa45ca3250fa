package io.daybook.index;

import io.daybook.envelope.Address;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * For {@link io.daybook.LincheckTest}: the table of positions, one writer and readers without a lock, where it takes up new memory.
 * Lincheck needs it public.
 */
@Param(name = "entry", gen = IntGen.class, conf = "4093:4098")
public class FindAndAddPositions {

    private static final int THERE_AT_FIRST = 4095;
    private static final int EVENTS = 1024;

    private final PositionTable table = new PositionTable();
    private int added;

    /** Fills all but one entry of the first piece of memory. */
    public FindAndAddPositions() {
        while (added < THERE_AT_FIRST) {
            add();
        }
    }

    /** A commit that gets an entry. */
    @Operation(nonParallelGroup = "writer")
    public int add() {
        table.add((long) added * EVENTS, 10L * added, Address.of(added / 100, 64 + added));
        return ++added;
    }

    /** The entry of a position, which may not be there yet. */
    @Operation
    public String findPosition(@Param(name = "entry") int entry) {
        return show(table.findPosition((long) entry * EVENTS + 5));
    }

    /** The same by its time. */
    @Operation
    public String findTime(@Param(name = "entry") int entry) {
        return show(table.findBeforeTime(10L * entry + 1));
    }

    private String show(long entry) {
        return entry + " " + table.position(entry) + " " + table.address(entry);
    }
}
