package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine that the tests run on: tools of its operating system, and what is skipped, with a printed reason, where one is missing. */
public final class Host {

    private Host() {
    }

    /** Skips the test, and says why, unless it runs as root and all these tools are there. */
    public static void requireRootAnd(String test, String... tools) {
        List<String> missing = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing.add("root");
        }
        for (String tool : tools) {
            if (!has(tool)) {
                missing.add(tool);
            }
        }
        require(missing.isEmpty(), test, "it needs " + String.join(", ", missing));
    }

    /** Skips the test, and says why, unless this holds. */
    public static void require(boolean holds, String test, String reason) {
        if (!holds) {
            System.out.println(test + " is skipped: " + reason);
        }
        assumeTrue(holds, reason);
    }

    private static boolean has(String tool) {
        for (String folder : (System.getenv("PATH") + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/sbin").split(
            File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    /** Runs a command to its end; what it prints is shown. */
    public static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    /** The same; it must succeed. */
    public static void mustRun(String... command) throws InterruptedException {
        assertEquals(0, run(command), () -> String.join(" ", command));
    }
}
