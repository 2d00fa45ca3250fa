package io.daybook.cli;

import io.daybook.recovery.JvmFlags;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One more process of this program. It ends when its input does, and that is when this is closed, or this process is gone. */
final class SecondJvm implements Closeable {

    private static final String HEAP = "-Xmx128m";

    private final Process process;
    private final BufferedReader out;

    private SecondJvm(Process process) {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Runs one of our commands, on the same JVM and from the same jar or class path. What it says on stderr goes to ours. */
    static SecondJvm start(Streams streams, Object... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP));
        Path origin = Path.of(URI.create(Main.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        if (Files.isRegularFile(origin)) {
            line.addAll(List.of("-jar", origin.toString()));
        } else {
            line.addAll(JvmFlags.required());
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        }
        for (Object word : command) line.add(word.toString());
        streams.err().flush();
        return new SecondJvm(new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** What it prints. */
    BufferedReader out() {
        return out;
    }

    /** Lets it end, and waits for that. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
        out.close();
    }
}
