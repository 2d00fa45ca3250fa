package io.daybook.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;

/**
 * What a JVM that this one starts must be told. {@code java -jar} takes the exports and opens from the jar's manifest; a fork is started
 * by class path, where the manifest does not count, so they are read from it and handed on. Outside of the jar a fork inherits the flags
 * of this JVM.
 */
public final class ForkFlags {

    private static final int UNSAFE_FLAG_SINCE = 23;
    private static final List<String> QUIET = List.of("-Dchronicle.announcer.disable=true", "-Ddisable.perf.info=true");

    private ForkFlags() {
    }

    /** The flags that a fork needs beside those it inherits. */
    public static List<String> list() {
        List<String> flags = new ArrayList<>(QUIET);
        if (inJar()) {
            Attributes manifest = manifest();
            addAll(flags, "--add-exports=", manifest.getValue("Add-Exports"));
            addAll(flags, "--add-opens=", manifest.getValue("Add-Opens"));
            if (Runtime.version().feature() >= UNSAFE_FLAG_SINCE) {
                flags.add("--enable-native-access=ALL-UNNAMED");
                flags.add("--sun-misc-unsafe-memory-access=allow");
            }
        }
        return flags;
    }

    /** JMH's arguments with these flags for its forks. */
    static String[] addedTo(String[] jmhArguments) {
        List<String> all = new ArrayList<>(Arrays.asList(jmhArguments));
        for (String flag : list()) {
            all.add("-jvmArgsPrepend");
            all.add(flag);
        }
        return all.toArray(new String[0]);
    }

    /** The jar, or the folder, that this class was loaded from. */
    static Path origin() {
        return Paths.get(URI.create(ForkFlags.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    static boolean inJar() {
        return Files.isRegularFile(origin());
    }

    private static Attributes manifest() {
        try (InputStream in = Files.newInputStream(origin()); JarInputStream jar = new JarInputStream(in)) {
            return jar.getManifest().getMainAttributes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addAll(List<String> flags, String option, String packages) {
        for (String name : packages.split(" ")) {
            flags.add(option + name + "=ALL-UNNAMED");
        }
    }
}
