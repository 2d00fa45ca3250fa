package io.daybook.guarantees;

import java.util.Arrays;
import java.util.List;

/** A named step of the product, as the methods in which it can be cut short. {@code passages}: the one that is killed, at most. */
enum Step {

    APPEND(200, "io.daybook.append.JournalEnd write", "io.daybook.append.AppendPath append appendInSteps judge"),
    PUBLISH(200, "io.daybook.journal.MappedTail map takes write follow publish",
        "io.daybook.journal.JournalWriter open write publish publishThroughChronicle"),
    ROLL(3, "io.daybook.journal.JournalWriter openThroughChronicle nextCycle follow"),
    FLUSH_OF_HEADS(20, "io.daybook.index.EntityIndex flush", "io.daybook.index.IndexDisk flush putDirty save writeOpen write",
        "io.daybook.index.HeadMap putAll", "io.daybook.index.WatermarkFile write"),
    HEADS_FILE(3, "io.daybook.index.HeadsFile publish insert encodeHeader", "io.daybook.index.IndexDisk publishHeads"),
    GROWTH(1, "io.daybook.index.IndexDisk grow"),
    CHECKPOINT(8, "io.daybook.journal.CheckpointFile create write holder force",
        "io.daybook.subscribe.Checkpoint take open begin save close"),
    FORCE(20, "io.daybook.journal.Forcer force takeTurn endTurn forceUpTo forceRange forceFile map"),
    /** Chronicle's own code, where it begins a file, ends one, and publishes what its index names. */
    CHRONICLE(2,
        "net.openhft.chronicle.queue.impl.single.SingleChronicleQueue$StoreSupplier acquire createFile createIndexThenUpdateHeader",
        "net.openhft.chronicle.queue.impl.single.StoreAppender rollCycleTo setCycle2 writeHeader",
        "net.openhft.chronicle.queue.impl.single.StoreAppender$StoreAppenderContext close"),
    /** Chronicle's own code, where it stores a head. */
    STORING_A_HEAD(200, "net.openhft.chronicle.map.impl.CompiledMapQueryContext insert replaceValue doInsert putEntry alloc "
        + "allocReturnCode initEntryAndKey writeValue innerDefaultReplaceValue putNewVolatile nextTier",
        "net.openhft.chronicle.hash.impl.VanillaChronicleHash allocateTier"),
    /** Of an owner that finds what a killed one left. */
    RECOVERY(1, "io.daybook.recovery.OwnedJournal recover start", "io.daybook.recovery.TornTail setAsideUnfinishedFiles cut "
        + "moveAway copyName clearBehind zeroBehind deleteOldCopies", "io.daybook.index.IndexDisk open openMap rebuild",
        "io.daybook.index.HeadMap openWhole"),
    /** Of an owner that makes the journal. */
    CREATION(1, "io.daybook.recovery.JournalCreation readOrCreate create", "io.daybook.journal.EpochFile write",
        "io.daybook.journal.SmallFile write", "io.daybook.journal.JournalFile create");

    private final int passages;
    private final List<String> methods;

    Step(int passages, String... methods) {
        this.passages = passages;
        this.methods = List.of(methods);
    }

    int passages() {
        return passages;
    }

    /** True if the lines are not ours: which of them are reached is not ours to explain. */
    boolean isChronicles() {
        return this == CHRONICLE || this == STORING_A_HEAD;
    }

    /** True if no life comes here that has acknowledged something before. */
    boolean isOpening() {
        return this == RECOVERY || this == CREATION;
    }

    /** Class by class, what {@link #methodsOf} takes. */
    List<String> classes() {
        return methods;
    }

    /** The name of the class in one of {@link #classes}. */
    static String classOf(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    /** The names of its methods. */
    static List<String> methodsOf(String line) {
        return Arrays.asList(line.substring(line.indexOf(' ') + 1).split(" "));
    }
}
