package io.daybook.cli;

import io.daybook.recovery.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the whole journal and says what is wrong with it. Works beside the process that owns it. */
@Command(name = "verify", header = "Read everything and say what is wrong.",
    description = "Checks sums, dense positions and versions, every pointer, and the entity index when no process owns the journal.")
final class VerifyCommand extends Task {

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal.")
    private Path journal;

    VerifyCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws IOException {
        mustExist(journal);
        Verifier.Report report;
        try (Bar bar = Bar.show(streams, "Verifying", -1, Bar.Unit.MIB)) {
            report = Verifier.verify(journal, bar::stepTo);
        }
        List<Verifier.Problem> problems = report.problems();
        Facts facts = new Facts().with("ok", problems.isEmpty()).with("events", report.events()).with("commits", report.commits())
            .with("entities", report.entities()).with("cycleFiles", report.cycleFiles()).with("bytes", report.bytes())
            .with("indexChecked", report.indexChecked());
        if (json()) {
            print(facts.with("problems", problems.stream().map(VerifyCommand::fields).toList()));
        } else {
            problems.forEach(problem -> streams.out().println(problem.what() + ": file=" + problem.file() + " offset=" + problem.offset()));
            print(facts.with("problems", problems.size()));
        }
        if (!report.indexChecked() && problems.isEmpty()) {
            streams.err().println("The index was not compared: the journal is owned, or was not closed."
                + " It is derived from the journal, and checked when that is opened.");
        }
        return problems.isEmpty() ? WELL : FOUND_WRONG;
    }

    private static Map<String, Object> fields(Verifier.Problem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", problem.file());
        fields.put("offset", problem.offset());
        fields.put("what", problem.what());
        return fields;
    }
}
