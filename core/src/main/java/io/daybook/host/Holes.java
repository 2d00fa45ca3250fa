package io.daybook.host;

import java.nio.file.Path;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;

/**
 * Where a sparse file holds nothing: a fresh cycle file shows 640 MiB, nearly all of it a hole, and reading that takes seconds. Where the
 * system does not tell, there are no holes. One thread. Internal: not part of the API.
 */
public final class Holes implements AutoCloseable {

    private static final int SEEK_DATA = 3; // Linux's: the library's own flag of this name is another call's
    private static final int NO_DATA_BEHIND = 6; // ENXIO
    private static final boolean TOLD = "Linux".equals(System.getProperty("os.name")) && !(PosixAPI.posix() instanceof NoOpPosixAPI);

    private final PosixAPI posix = PosixAPI.posix();
    private final int descriptor;

    private Holes(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Those of this file. */
    public static Holes of(Path file) {
        return new Holes(TOLD ? PosixAPI.posix().open(file.toString(), OpenFlag.O_RDONLY, 0) : -1);
    }

    /** The first offset, this one or a later one, that is not in a hole; {@link Long#MAX_VALUE} if there is none. */
    public long pass(long offset) {
        if (descriptor < 0) {
            return offset;
        }
        long data = posix.lseek(descriptor, offset, SEEK_DATA);
        if (data >= offset) {
            return data;
        }
        return posix.lastError() == NO_DATA_BEHIND ? Long.MAX_VALUE : offset;
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            posix.close(descriptor);
        }
    }
}
