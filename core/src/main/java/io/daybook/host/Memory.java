package io.daybook.host;

import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.MSyncFlag;
import net.openhft.posix.PosixAPI;

/** What the kernel is told of mapped memory. Internal: not part of the API. */
public final class Memory {

    private Memory() {
    }

    /** Writes pages, from a page's begin on, to the device; false if that failed: then nothing is known of what it holds. */
    public static boolean write(long address, long length) {
        try {
            return PosixAPI.posix().msync(address, length, MSyncFlag.MS_SYNC) == 0;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * Lets the kernel bring in pages one by one, or in pieces that grow, up to a mebibyte. A piece is written to the device as a whole:
     * whoever forces a few hundred bytes does not want that, whoever never forces does not care. Where it cannot be said, nothing happens.
     */
    public static void singlePages(long address, long length, boolean single) {
        try {
            PosixAPI.posix().madvise(address, length, single ? MAdviseFlag.MADV_RANDOM : MAdviseFlag.MADV_NORMAL);
        } catch (RuntimeException e) {
            return; // it is an advice
        }
    }
}
