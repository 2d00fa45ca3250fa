package io.daybook.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.stream.Stream;

/** On what a run was made, in one line: without it a figure says little. */
final class Machine {

    private Machine() {
    }

    static String describe(Path folder) {
        Runtime jvm = Runtime.getRuntime();
        return "cpu=" + processor() + " x " + jvm.availableProcessors() + ", kernel=" + property("os.name") + " " + property("os.version")
                + ", fileSystem=" + fileSystem(folder) + ", jvm=" + property("java.vm.name") + " " + property("java.vm.version")
                + ", heapMiB=" + (jvm.maxMemory() >> 20);
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Paths.get("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 2)).findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String fileSystem(Path folder) {
        try {
            return Files.getFileStore(folder).type();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
