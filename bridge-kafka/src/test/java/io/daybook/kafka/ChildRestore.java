package io.daybook.kafka;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Restores a journal until it is killed or done: folder, bootstrap servers, topic; after so many events of its own it says {@code going
 * on}, and goes on slowly.
 */
final class ChildRestore implements RestoreProgress {

    private static final long SLOWLY_NS = 50_000;

    private final long after;
    private long begin = -1;
    private boolean said;

    private ChildRestore(long after) {
        this.after = after;
    }

    /** Runs to the end. */
    public static void main(String[] args) {
        KafkaBridge.restore(Path.of(args[0]), MirrorCase.small(), BridgeSettings.create(args[1], args[2]),
                new ChildRestore(Long.parseLong(args[3])));
    }

    @Override
    public void reached(long position, long end) {
        begin = begin < 0 ? position : begin;
        if (!said && position - begin >= after) {
            said = true;
            System.out.println("going on");
        } else if (said) {
            LockSupport.parkNanos(SLOWLY_NS);
        }
    }
}
