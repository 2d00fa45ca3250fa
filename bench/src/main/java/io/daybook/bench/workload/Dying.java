package io.daybook.bench.workload;

import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Writer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A process that appends until it is killed. */
public final class Dying {

    /** The name by which the program knows it. */
    public static final String PROGRAM = "append-until-killed";

    private static final int EVENTS_BEFORE_READY = 20_000;
    private static final int MOST_EVENTS = 1_000_000_000;
    private static final String READY = "ready";

    private Dying() {
    }

    /** Starts one, and kills it when it has appended for a while. */
    static void appendAndDie(Case measured, Ground ground) throws IOException, InterruptedException {
        Process process = Fork.start(PROGRAM, Cases.toJson(measured), ground.scratch().path("").toString());
        try {
            BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            if (!READY.equals(out.readLine())) {
                throw new IOException("The process ended before it had appended enough: contender=" + measured.contender());
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** What the process does. */
    public static void main(Case measured, Ground ground) throws IOException {
        String entity = "dying-" + UUID.randomUUID();
        byte[] payload = new byte[measured.payload()];
        try (EventLog log = ground.open(measured)) {
            Writer writer = log.writer();
            for (int i = 0; i < MOST_EVENTS; i++) {
                writer.append(entity, i - 1, payload);
                if (i == EVENTS_BEFORE_READY) {
                    System.out.println(READY);
                }
            }
        }
    }
}
