package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.Cursor;
import io.daybook.JournalDamagedException;
import io.daybook.ReadRange;
import io.daybook.envelope.DerivedId;
import io.daybook.index.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityCursorTest {

    @TempDir
    private Path root;
    private WrittenCommits commits;

    @BeforeEach
    void open() throws IOException {
        commits = new WrittenCommits(root);
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private EntityCursor cursor(ReadRange range) {
        EntityWalk walk = new EntityWalk(commits.windows);
        walk.from(commits.heads.getOrDefault("a", new long[Head.WORDS]), 0);
        Reads reads = new Reads(commits.windows, null, (DerivedId) null, () -> false);
        return new EntityCursor(reads, walk, new EntityCursor.Name(WrittenCommits.bytes("a"), 1), range,
                Math.min(range.toVersion(), walk.newestVersion()));
    }

    private static List<Long> versions(Cursor cursor) {
        List<Long> versions = new ArrayList<>();
        while (cursor.next()) {
            versions.add(cursor.event().version());
        }
        return versions;
    }

    @Test
    void handsOutAnyRangeInBothDirections() {
        for (int i = 0; i < 1300; i++) {
            commits.append("b", "a");
        }
        Random random = new Random(19);
        for (int i = 0; i < 300; i++) {
            long from = random.nextInt(1300);
            long to = random.nextInt(1400);
            long limit = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(400);
            ReadRange range = ReadRange.all().from(from).to(to);
            ReadRange limited = limit == Long.MAX_VALUE ? range : range.limit(limit);
            long newest = Math.min(to, 1299);
            assertEquals(LongStream.rangeClosed(from, newest).limit(limit).boxed().toList(), versions(cursor(limited)), limited.toString());
            assertEquals(LongStream.rangeClosed(from, newest).map(version -> newest + from - version).limit(limit).boxed().toList(),
                    versions(cursor(limited.reversed())), limited.toString());
        }
    }

    /** Whoever reads backwards is given all that can be given. */
    @Test
    void backwardsEveryEventIsHandedOutUpToAWrongPointer() {
        for (int version = 0; version < 300; version++) {
            if (version == 57) {
                commits.wrongPrevious = -4;
            }
            commits.append("a");
        }
        for (ReadRange range : List.of(ReadRange.all().reversed(), ReadRange.all().reversed().limit(290))) {
            EntityCursor cursor = cursor(range);
            List<Long> versions = new ArrayList<>();
            assertThrows(JournalDamagedException.class, () -> {
                while (cursor.next()) {
                    versions.add(cursor.event().version());
                }
            });
            assertEquals(LongStream.rangeClosed(57, 299).map(version -> 299 + 57 - version).boxed().toList(), versions);
        }
    }

    /** Whoever asks again after an error gets the error again: neither the end nor an event further on. */
    @Test
    void anEventThatCannotBeHandedOutIsNotPassedOver() {
        for (int version = 0; version < 100; version++) {
            if (version == 57) {
                commits.wrongPrevious = -4;
            }
            commits.append("a");
        }
        for (long from : new long[] {0, 50, 56}) {
            for (ReadRange range : List.of(ReadRange.all().from(from).reversed(), ReadRange.all().from(from).reversed().limit(90),
                    ReadRange.all().from(from))) {
                EntityCursor cursor = cursor(range);
                for (int i = 0; i < 3; i++) {
                    assertThrows(JournalDamagedException.class, () -> versions(cursor), range.toString());
                }
            }
        }
    }
}
