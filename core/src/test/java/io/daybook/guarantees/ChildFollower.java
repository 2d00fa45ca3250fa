package io.daybook.guarantees;

import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Follow;
import io.daybook.StartFrom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process that follows a journal until it is killed, and prints what it sees. {@code named NAME}: from its checkpoint. {@code owner
 * NAME}: the same, and it owns the journal and appends. {@code beside FILE}: its state is a file to which it adds every event's position
 * and first payload byte, and it goes on behind the last one there.
 */
final class ChildFollower {

    /** Length of a record in the state file. */
    static final int RECORD = 16;

    private ChildFollower() {
    }

    /** Arguments: folder, {@code named}, {@code owner} or {@code beside}, name or file. */
    public static void main(String[] arguments) throws Exception {
        boolean owns = arguments[1].equals("owner");
        Path folder = Path.of(arguments[0]);
        EventStore store = owns ? EventStore.open(folder, ChildWriter.settings()) : EventStore.openReadOnly(folder, ChildWriter.settings());
        if (owns) {
            new Thread(() -> FollowerKillTest.append(store, () -> true)).start();
        }
        if (owns || arguments[1].equals("named")) {
            store.subscribe(Follow.from(StartFrom.beginning()).named(arguments[2]), new Printer(event -> { }));
        } else {
            FileChannel state = FileChannel.open(Path.of(arguments[2]), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
            long handled = state.size() / RECORD;
            state.position(handled * RECORD); // a record that a kill cut off is written anew
            StartFrom start = handled == 0 ? StartFrom.beginning() : StartFrom.after(handled - 1);
            store.subscribe(Follow.from(start), new Printer(event -> add(state, event)));
        }
        Thread.currentThread().join(); // those who follow are daemons
    }

    private static void add(FileChannel state, EventView event) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD).putLong(event.position())
            .putLong(event.payloadLength() == 0 ? -1 : event.buffer().getByte(event.payloadOffset())).flip();
        while (record.hasRemaining()) {
            state.write(record);
        }
    }

    private record Printer(EventHandler handler) implements EventHandler {
        @Override
        public void onEvent(EventView event) throws Exception {
            handler.onEvent(event);
            System.out.println("saw " + event.position());
        }

        @Override
        public void onStopped(Throwable failure) {
            System.out.println("stopped " + failure);
        }
    }
}
