package io.daybook.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.BiConsumer;

/**
 * Compares the index that a closed journal left on disk with what it should hold. The caller owns the journal. Internal: not part of the
 * API.
 */
public final class IndexCheck {

    /** Whether a head is the right one. */
    public interface HeadCheck {
        /** True if the head at this place is right. */
        boolean isRight(long[] heads, int at);
    }

    private final IndexSettings settings;

    private IndexCheck(IndexSettings settings) {
        this.settings = settings;
    }

    /**
     * Hands out what is wrong, and where. Answers false if there is no closed index: then there is nothing to compare, and the next open
     * makes one.
     */
    public static boolean verify(IndexSettings settings, long position, long entities, HeadCheck check,
            BiConsumer<Path, String> problem) throws IOException {
        if (!Files.exists(settings.watermarkFile())) {
            return false;
        }
        WatermarkFile.Record record = WatermarkFile.open(settings.watermarkFile()).read();
        if (record == null || !record.clean() || !record.identity().equals(settings.identity())) {
            return false;
        }
        if (record.position() != position || record.entities() != entities || record.mapSize() != entities) {
            problem.accept(settings.watermarkFile(), "The index holds another journal: positionInIndex=" + record.position()
                    + " position=" + position + " entitiesInIndex=" + record.entities() + " entities=" + entities);
            return true;
        }
        new IndexCheck(settings).compareFiles(record, check, problem);
        return true;
    }

    private void compareFiles(WatermarkFile.Record record, HeadCheck check, BiConsumer<Path, String> problem) throws IOException {
        Path file = settings.mapFile(record.mapNumber());
        if (MapFile.sum(file, false, settings.threadFactory()) != record.mapSum() || !MapFile.isFinished(file)) {
            problem.accept(file, "The index's file is damaged");
            return;
        }
        if (!new PositionTable().load(settings.positionsFile(), record.positions())) {
            problem.accept(settings.positionsFile(), "The table of positions is damaged or missing");
            return;
        }
        Path copy = Files.createTempFile(settings.folder(), "verify-", ".tmp");
        try {
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            long wrong = wrongHeads(copy, record, check);
            if (wrong > 0) {
                problem.accept(file, "The index has wrong heads: heads=" + wrong);
            }
        } finally {
            Files.delete(copy);
        }
    }

    private long wrongHeads(Path file, WatermarkFile.Record record, HeadCheck check) throws IOException {
        long[] wrong = new long[1];
        try (HeadMap map = HeadMap.open(file, record.mapCapacity())) {
            map.forEach((heads, at) -> wrong[0] += check.isRight(heads, at) ? 0 : 1);
        }
        return wrong[0];
    }
}
