package io.daybook.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** On what a run was made, in one line: without it a figure says little. */
public final class Machine {

    private Machine() {
    }

    static String describe(Path folder) {
        return facts(folder).entrySet().stream().map(fact -> fact.getKey() + "=" + fact.getValue()).collect(Collectors.joining(", "));
    }

    /** The same by name. */
    public static Map<String, Object> facts(Path folder) {
        Runtime jvm = Runtime.getRuntime();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", processor() + " x " + jvm.availableProcessors());
        facts.put("kernel", property("os.name") + " " + property("os.version"));
        facts.put("fileSystem", fileSystem(folder));
        facts.put("jvm", property("java.vm.name") + " " + property("java.vm.version"));
        facts.put("heapMiB", jvm.maxMemory() >> 20);
        return facts;
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
