package io.daybook.bench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A program that prints figures, one a line. */
abstract class FigureProgram implements Callable<Integer> {

    @Option(names = "--folder", description = "where journals lie while they are measured", paramLabel = "DIR")
    private Path folder;

    @Option(names = "--json", description = "print one object a line")
    private boolean json;

    abstract void run(Path in, Figures figures) throws Exception;

    @Override
    public final Integer call() throws Exception {
        run(folder == null ? Scratch.base() : folder, new Figures(json));
        return 0;
    }
}
