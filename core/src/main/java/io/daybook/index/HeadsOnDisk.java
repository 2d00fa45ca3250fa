package io.daybook.index;

/**
 * What stands behind the heads in memory: the owner's map ({@link IndexDisk}), or a reading process's heads file ({@link PublishedHeads}).
 */
interface HeadsOnDisk {

    /**
     * The end of what heads hold.
     *
     * @param position the position behind it
     * @param address  where the scan goes on
     * @param timeNs   time of the last commit
     * @param entities number of entities
     */
    record State(long position, long address, long timeNs, long entities) {
        static final State NOTHING = new State(0, 0, Long.MIN_VALUE, 0);
    }

    /** What was found at open: the replay goes on from there. */
    State start();

    /** The table of positions, filled up to the start. */
    PositionTable positions();

    /** Completes the head whose hash stands at this place; false if it is not on disk. Any thread. */
    boolean get(long[] heads, int at);

    /** The same for an open, while nobody else uses what is on disk. */
    default boolean getAlone(long[] heads, int at) {
        return get(heads, at);
    }

    /** Writes all dirty heads, and then the watermark; runs {@code between} now and then. */
    void flush(HeadTable table, State state, Runnable between);

    /** Everything before this position is on disk. */
    long watermark();

    /** True if so much happened since the last heads file that a new one is due. */
    boolean headsFileIsDue();

    /** Publishes a heads file as of the last flush. */
    void publishHeads();

    /** Closes; if {@code clean}, forces everything and says that it can be believed. */
    void close(boolean clean);

    /** True if nothing usable was found. */
    boolean rebuilt();
}
