package io.daybook.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells one start of the machine from another. Internal: not part of the API. */
public final class BootId {

    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {
    }

    /**
     * The same until the machine stops. Where the system has none, a new one at each call: then every unclean stop counts as the machine's.
     */
    public static UUID current() {
        try {
            return UUID.fromString(Files.readString(LINUX).trim());
        } catch (IOException | IllegalArgumentException e) {
            return UUID.randomUUID();
        }
    }
}
