package io.daybook.soak;

import io.daybook.ChildJvm;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that is listened to all the time: how far it is, what it holds, what it complains of. */
final class Listened implements AutoCloseable {

    private final ChildJvm child;
    private final Thread listener;
    private final BlockingQueue<String> samples = new LinkedBlockingQueue<>();
    private volatile String newest;
    private volatile String violation;

    Listened(ChildJvm child) {
        this.child = child;
        listener = new Thread(this::listen);
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        for (String line = child.line(); line != null; line = child.line()) {
            if (line.startsWith("sample ")) {
                samples.add(line);
            } else if (line.startsWith("acked ") || line.startsWith("followed ")) {
                newest = line;
            } else if (line.startsWith("violation ") || line.startsWith("Exception ")) {
                violation = line;
            }
        }
    }

    /** The number at this place of the newest line about how far it is; 0 if there was none. */
    long told(int place) {
        String line = newest;
        return line == null ? 0 : Long.parseLong(line.split(" ")[place]);
    }

    /** Lets time pass; fails if it ends or complains meanwhile. */
    void goOn(long ms) throws InterruptedException {
        boolean ended = child.endedWithin(ms);
        if (ended || violation != null) {
            throw new AssertionError("ended=" + ended + " said=" + violation);
        }
    }

    SoakSample sample() throws Exception {
        child.tell("s");
        String line = samples.poll(60, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("It does not answer: said=" + violation);
        }
        return SoakSample.of(line);
    }

    /** Kills it, and hears all that it had said. */
    void kill() throws InterruptedException {
        child.kill();
        listener.join();
    }

    @Override
    public void close() {
        child.close();
    }
}
