package io.daybook.bench.workload;

import io.daybook.bench.contender.EventLog;
import java.io.IOException;

/** A process that writes what another will open: a service that is started again has not compiled what writes, and so should that one. */
public final class Filling {

    /** The name by which the program knows it. */
    public static final String PROGRAM = "fill";

    private Filling() {
    }

    /** Starts one, and waits for its end; what it wrote is on the device. */
    static void fill(Case measured, Ground ground) throws IOException, InterruptedException {
        Process process = Fork.start(PROGRAM, Cases.toJson(measured), ground.scratch().path("").toString());
        try {
            process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new IOException("The process did not write what is to be opened: contender=" + measured.contender() + " exit="
                        + process.exitValue());
            }
        } finally {
            process.destroyForcibly();
        }
        Ground.sync();
    }

    /** What the process does. */
    public static void main(Case measured, Ground ground) throws IOException {
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, measured.events());
        }
    }
}
