package io.daybook.kafka.cli;

import io.daybook.EventStore;
import io.daybook.kafka.KafkaBridge;
import io.daybook.kafka.Verification;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine.Command;

/** Compares a journal with its mirror. */
@Command(name = "verify", header = "Compare the journal with its mirror, event by event, and name the first difference.")
final class VerifyCommand extends Task {

    VerifyCommand(PrintStream out) {
        super(out);
    }

    @Override
    public Integer call() throws IOException {
        long beganNs = System.nanoTime();
        try (EventStore store = open()) {
            Verification verification = KafkaBridge.verify(store, settings());
            long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
            if (verification.isEqual()) {
                out.println("The topic is the journal's: events=" + verification.events() + " stillToMirror="
                    + Math.max(0, verification.durable() - verification.reached()) + " tookMs=" + tookMs);
                return WELL;
            }
            out.println("The topic differs from the journal: position=" + verification.difference().position() + " equalBefore="
                + verification.events() + " tookMs=" + tookMs + "\n" + verification.difference().what());
            return FOUND_WRONG;
        }
    }
}
