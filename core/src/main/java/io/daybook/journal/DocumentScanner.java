package io.daybook.journal;

import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitView;

/**
 * Reads the documents of the journal's files in order: the one scanner for replay, follow, recovery, verification and reading processes.
 *
 * <p>A document is a header of four bytes and its data, at an offset that is a multiple of four. Header 0: nothing yet; bit 31: not
 * complete; bit 30: metadata of Chronicle's, passed over; both and no length: the file ends and the next one goes on. One thread.
 * Internal: not part of the API.
 *
 * <p>Recovery may move a file away that has no document yet, and another one take its place. So whoever has come to a file and met no
 * document there goes back to where it came from at each step, and comes by whatever is there now.
 */
public final class DocumentScanner {

    /** What a step met. */
    public enum Step {
        /** A document with data. */
        DOCUMENT,
        /** Nothing is written here yet. */
        END,
        /** The file has its end mark and there is no next file. */
        CLOSED,
        /** A document that was begun and not completed. */
        INCOMPLETE,
        /** A header that cannot be right: the document would not fit into its file. */
        BROKEN
    }

    static final int NOT_COMPLETE = 0x8000_0000;
    static final int METADATA = 0x4000_0000;
    static final int END_OF_FILE = NOT_COMPLETE | METADATA;
    static final int LENGTH_MASK = 0x3FFF_FFFF;
    static final int HEADER_LENGTH = 4;

    private static final long NOWHERE = -1;

    private final Windows windows;
    private final int lastCycle;
    private final CommitView commit = new CommitView();
    private Window window;
    private int cycle;
    private long offset;
    private long documentOffset;
    private int documentCycle;
    private int length;
    private long cameFrom;

    /** Stands before the first file; goes from file to file. */
    public DocumentScanner(Windows windows) {
        this(windows, Integer.MAX_VALUE);
    }

    /** The same, but takes this cycle for the last one. */
    public DocumentScanner(Windows windows, int lastCycle) {
        this.windows = windows;
        this.lastCycle = lastCycle;
    }

    /**
     * The next step looks at this address, where a document's header must begin; offset 0 is the start of a file. It changes nothing if
     * that is where the next step looks anyway.
     */
    public DocumentScanner moveTo(long address) {
        if (address != nextAddress()) {
            standAt(address);
            cameFrom = offset == 0 ? address : NOWHERE;
        }
        return this;
    }

    private void standAt(long address) {
        cycle = Address.cycle(address);
        offset = Address.offset(address);
    }

    /** Goes to the next document with data. After anything but DOCUMENT it stays where it is: the next call looks again. */
    public Step next() {
        if (cameFrom != NOWHERE) {
            comeAgain();
        }
        while (true) {
            if (!look(HEADER_LENGTH)) {
                return Step.END;
            }
            int header = window.buffer().getIntVolatile(window.index(offset));
            if (header == 0) {
                return Step.END;
            }
            if (header == END_OF_FILE) {
                int after = cycle == lastCycle ? -1 : windows.cycleAfter(cycle);
                if (after < 0) {
                    return Step.CLOSED;
                }
                cameFrom = nextAddress();
                standAt(Address.of(after, 0));
                continue;
            }
            if ((header & NOT_COMPLETE) != 0) {
                return Step.INCOMPLETE;
            }
            int dataLength = header & LENGTH_MASK;
            boolean metadata = (header & METADATA) != 0;
            if (!metadata) {
                return document(dataLength);
            }
            offset = CommitDescriptor.ALIGNMENT * ((offset + HEADER_LENGTH + dataLength + CommitDescriptor.ALIGNMENT - 1)
                    / CommitDescriptor.ALIGNMENT);
        }
    }

    private void comeAgain() {
        if (window != null && !windows.isCurrent(window)) {
            window = null;
        }
        standAt(cameFrom);
    }

    private Step document(int dataLength) {
        if (!look((long) HEADER_LENGTH + dataLength)) {
            return Step.BROKEN;
        }
        cameFrom = NOWHERE;
        documentCycle = cycle;
        documentOffset = offset;
        length = dataLength;
        offset += HEADER_LENGTH + CommitDescriptor.aligned(dataLength);
        return Step.DOCUMENT;
    }

    private boolean look(long needed) {
        if (window != null && window.cycle() == cycle && window.holds(offset, needed)) {
            return true;
        }
        Window found = windows.at(cycle, offset, needed);
        if (found == null) {
            return false;
        }
        window = found;
        return true;
    }

    /** The document's data as a commit, not yet checked. Valid until the next step. */
    public CommitView commit() {
        return commit.wrap(window.buffer(), window.index(documentOffset + HEADER_LENGTH), length);
    }

    /** Address of the document that the last DOCUMENT step met. */
    public long documentAddress() {
        return Address.of(documentCycle, documentOffset);
    }

    /** Address of an event in that document, from its offset in the window. */
    public long eventAddress(int indexInWindow) {
        return Address.of(documentCycle, window.base() + indexInWindow);
    }

    /** Where the next step looks. */
    public long nextAddress() {
        return Address.of(cycle, offset);
    }

    /** The window that the document lies in. */
    public Window window() {
        return window;
    }

    /** Name of the file that the next step looks into, for messages. */
    public String fileName() {
        return windows.fileName(cycle);
    }
}
