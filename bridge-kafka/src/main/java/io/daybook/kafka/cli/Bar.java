package io.daybook.kafka.cli;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar of events, there from the first step on; narrow enough for any terminal, so that none has to be asked for its width. */
final class Bar implements AutoCloseable {

    private static final int WIDTH = 79;
    private static final int INTERVAL_MS = 250;

    private final PrintStream stream;
    private ProgressBar bar;
    private Line line;

    Bar(PrintStream stream) {
        this.stream = stream;
    }

    /** So many of so many; what was there at the first step was there before. */
    void stepTo(long done, long most) {
        if (bar == null) {
            line = new Line(stream);
            bar = new ProgressBarBuilder().setTaskName("Restoring").setInitialMax(most).startsFrom(done, Duration.ZERO)
                .setUnit(" events", 1).setUpdateIntervalMillis(INTERVAL_MS).setStyle(ProgressBarStyle.ASCII).setConsumer(line).build();
        }
        bar.stepTo(done);
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            line.end();
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
