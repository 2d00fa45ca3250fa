package io.daybook.index;

import io.daybook.envelope.Address;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * For {@link io.daybook.LincheckTest}: the table of positions, one writer and readers without a lock, from its first entry on, which
 * takes up memory.
 * Lincheck needs it public.
 */
@Param(name = "entry", gen = IntGen.class, conf = "0:4")
public class FindAndAddPositions {

    private static final int EVENTS = 1024;

    private final PositionTable table = new PositionTable();
    private int added;

    /** A commit that gets an entry. */
    @Operation(nonParallelGroup = "writer")
    public int add() {
        table.add((long) added * EVENTS, 10L * added, Address.of(0, 64 + added));
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
        return entry < 0 ? "none" : entry + " " + table.position(entry) + " " + table.address(entry);
    }
}
