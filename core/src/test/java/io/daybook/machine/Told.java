package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import java.util.ArrayList;
import java.util.List;

/** What {@link LoadWriter}s acknowledged in one journal's past: the commits that are in it, if nothing was lost. One thread. */
final class Told {

    /**
     * A commit that was acknowledged.
     *
     * @param life     of the writer
     * @param thread   of the writer
     * @param number   of the commit within its thread
     * @param position of its first event
     * @param rung     it was acknowledged on
     * @param timeNs   when, by {@code System.nanoTime()}, which all processes of a machine share
     */
    record Acknowledged(int life, int thread, int number, long position, Durability rung, long timeNs) {

        long end() {
            return position + Load.size(number);
        }
    }

    private final List<Acknowledged> commits = new ArrayList<>();

    /** These came too. */
    void add(List<Acknowledged> more) {
        commits.addAll(more);
    }

    /** A journal that was cut off at this position is the past from now on. */
    void cutOff(long end) {
        commits.removeIf(commit -> commit.position() >= end);
    }

    /** Those of the commits that lie behind the end of the journal. */
    static List<Acknowledged> lost(List<Acknowledged> commits, long end) {
        return commits.stream().filter(commit -> commit.position() >= end).toList();
    }

    /** All that was told so far. */
    List<Acknowledged> commits() {
        return commits;
    }

    /** Each of these commits that was acknowledged on the rung, or lies before the journal's end, is where it was said to be. */
    static void assertThere(List<Acknowledged> commits, Contents contents, Durability rung) {
        for (Acknowledged commit : commits) {
            boolean mustBeThere = commit.rung().compareTo(rung) >= 0 || commit.position() < contents.end();
            if (mustBeThere) {
                assertEquals(commit.position(), contents.position(commit.life(), commit.thread(), commit.number()),
                    () -> "acknowledged and not there: " + commit + " end=" + contents.end());
                assertTrue(commit.end() <= contents.end(), () -> "half of it: " + commit);
            }
        }
    }
}
