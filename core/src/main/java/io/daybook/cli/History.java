package io.daybook.cli;

import java.io.Closeable;
import java.io.IOException;

/** A history of a tree of files, from its first commit to its newest. Read once, from front to back, so it may be of any length. */
interface History extends Closeable {

    /** Where it comes from, in a few words. */
    String title();

    /** The fingerprint of this history, which stays when it grows. */
    String fingerprint();

    /** The next commit that changed something, or null at the end. */
    HistoryCommit next() throws IOException;

    /** The trees that it must have led to; only once {@link #next()} has returned null. */
    KnownTrees trees() throws IOException;

    /** How far {@link #next()} has come, of {@link #total()}. */
    long done();

    /** What {@link #done()} is at the end; -1 if that is not known. */
    long total();

    /** What these two count. */
    Bar.Unit unit();
}
