package io.daybook.host;

import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.MSyncFlag;
import net.openhft.posix.PosixAPI;
import org.agrona.UnsafeApi;

/** What the kernel is told of mapped memory. Internal: not part of the API. */
public final class Memory {

    private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));

    private Memory() {
    }

    /**
     * Writes the pages of mapped memory to the device; false if that failed: then nothing is known of what it holds. Outside of Linux,
     * whose flag the library knows, nothing is written.
     */
    public static boolean write(long address, long length) {
        long begin = address & -UnsafeApi.pageSize(); // which is not 4,096 everywhere
        try {
            return !LINUX || PosixAPI.posix().msync(begin, address + length - begin, MSyncFlag.MS_SYNC) == 0;
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
