package io.daybook.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chronicle's analytics artifact posts usage data to the network: a guest in its host does no network I/O. */
class AnalyticsAbsentTest {
    @Test
    void analyticsClassCannotBeLoaded() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
    }

    @Test
    void analyticsArtifactIsNotOnTheClassPath() {
        List<String> names = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> new File(entry).getName())
            .toList();
        assertFalse(names.stream().noneMatch(name -> name.startsWith("chronicle-queue-")), "the class path can be seen: " + names);
        assertEquals(List.of(), names.stream().filter(name -> name.contains("chronicle-analytics")).toList());
    }
}
