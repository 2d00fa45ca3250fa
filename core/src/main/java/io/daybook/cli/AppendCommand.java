package io.daybook.cli;

import io.daybook.AppendResult;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Appends one event. */
@Command(name = "append", header = "Append one event.")
final class AppendCommand extends Task {

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal; made if it is not there.")
    private Path journal;

    @Option(names = "--entity", required = true, paramLabel = "ID", description = "The entity that gets the event.")
    private String entity;

    @Option(names = "--type", required = true, paramLabel = "T", description = "What happened.")
    private String type;

    @Option(names = "--expected", defaultValue = "any", paramLabel = "any|absent|present|N",
        description = "Append only if the entity has no event (absent), has one (present), or its newest version is N. Default: any.")
    private String expected;

    @Option(names = "--durability", defaultValue = "process", paramLabel = "process|disk",
        description = "Return once the event survives the death of the process, or a power cut. Default: process.")
    private String durability;

    @Parameters(paramLabel = "PAYLOAD|-", description = "The payload, taken as it is; -: from stdin.")
    private String payload;

    AppendCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws IOException {
        Expected condition = condition();
        Durability rung = rung();
        NewEvent event = NewEvent.of(type, payload());
        try (EventStore store = EventStore.open(journal, StoreSettings.create())) {
            print(facts(store.append(entity, condition, List.of(event), rung)));
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
        return WELL;
    }

    private Facts facts(AppendResult result) {
        return new Facts().with("entity", entity).with("version", result.version()).with("firstPosition", result.firstPosition())
            .with("lastPosition", result.lastPosition()).with("time", Times.rfc3339(result.timeNs())).with("duplicate", result.duplicate());
    }

    private byte[] payload() throws IOException {
        if (!payload.equals("-")) return payload.getBytes(StandardCharsets.UTF_8);
        // One byte more than can be allowed is enough for the store to refuse it.
        return streams.in().readNBytes(StoreSettings.MAX_PAYLOAD_BYTES + 1);
    }

    private Expected condition() {
        switch (expected) {
            case "any":
                return Expected.any();
            case "absent":
                return Expected.absent();
            case "present":
                return Expected.present();
            default:
                try {
                    return Expected.exactly(Long.parseLong(expected));
                } catch (IllegalArgumentException e) {
                    throw misuse("The value of --expected is neither any, absent, present nor a version: value=" + expected);
                }
        }
    }

    private Durability rung() {
        switch (durability) {
            case "process":
                return Durability.PROCESS;
            case "disk":
                return Durability.DISK;
            default:
                throw misuse("The value of --durability is neither process nor disk: value=" + durability);
        }
    }
}
