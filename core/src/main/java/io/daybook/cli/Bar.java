package io.daybook.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on stderr; narrow enough for any terminal, so that none has to be asked for its width. */
final class Bar implements AutoCloseable {

    private static final int WIDTH = 79;
    private static final int INTERVAL_MS = 250;

    private final ProgressBar bar;
    private final Line line;

    private Bar(ProgressBar bar, Line line) {
        this.bar = bar;
        this.line = line;
    }

    /** A bar of so many of a unit; -1: the number is not known. */
    static Bar show(Streams streams, String task, long most, Unit unit) {
        Line line = new Line(streams.err());
        return new Bar(new ProgressBarBuilder().setTaskName(task).setInitialMax(most).setUnit(unit.label, unit.size)
            .setUpdateIntervalMillis(INTERVAL_MS).setStyle(ProgressBarStyle.ASCII).setConsumer(line).build(), line);
    }

    void stepTo(long done) {
        bar.stepTo(done);
    }

    void step() {
        bar.step();
    }

    /** Ends the line. */
    @Override
    public void close() {
        bar.close();
        line.end();
    }

    /** What a bar counts. */
    enum Unit {
        COMMITS(" commits", 1), MIB(" MiB", 1 << 20), KIB(" KiB", 1 << 10);

        private final String label;
        private final long size;

        Unit(String label, long size) {
            this.label = label;
            this.size = size;
        }
    }

    /** The library leaves the line without an end when the bar is closed before it was shown once. */
    private static final class Line extends ConsoleProgressBarConsumer {

        private final PrintStream stream;
        private volatile boolean ended;

        Line(PrintStream stream) {
            super(stream, WIDTH);
            this.stream = stream;
        }

        @Override
        public void close() {
            super.close();
            ended = true;
        }

        void end() {
            if (!ended) stream.println();
            stream.flush();
        }
    }
}
