package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceWatchTest {

    @TempDir
    private Path folder;

    private SpaceWatch watch(long lowBytes) {
        return new SpaceWatch(folder, lowBytes);
    }

    @Test
    void warnsOnceUntilThereWasMoreRoom() {
        SpaceWatch watch = watch(1000);
        assertFalse(watch.isNews(1000));
        assertTrue(watch.isNews(999));
        assertFalse(watch.isNews(0));
        assertFalse(watch.isNews(999));
        assertFalse(watch.isNews(1000));
        assertTrue(watch.isNews(10));
    }

    @Test
    void looksAtTheDiskUnlessItIsToldNotTo() {
        assertDoesNotThrow(() -> watch(0).look());
        SpaceWatch watch = watch(Long.MAX_VALUE);
        watch.look();
        assertFalse(watch.isNews(0), "the look has warned already");
    }

    /** The thread that looks does more than that. */
    @Test
    void aLookThatFailsHurtsNobody() {
        SpaceWatch watch = new SpaceWatch(folder.resolve("missing"), 1);
        assertDoesNotThrow(watch::look);
        assertTrue(watch.isNews(0));
    }
}
