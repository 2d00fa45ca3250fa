package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.StoreSettings;
import io.daybook.recovery.JvmFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What the host JVM must bring: its flags, and the versions of the libraries that Daybook was tested with. */
class HostJvmTest extends JournalTest {

    /** Opens the journal named first and prints what came of it; a second argument allows untested libraries. */
    static final class Opener {
        private Opener() {
        }

        public static void main(String[] arguments) {
            StoreSettings settings = StoreSettings.create().untestedLibraries(arguments.length > 1);
            try (EventStore store = EventStore.open(Path.of(arguments[0]), settings)) {
                System.out.println("opened at " + store.append("a", Expected.any(), Events.event("Happened", "")).lastPosition());
            } catch (Throwable e) {
                System.out.println("refused with " + e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    @Test
    void missingFlagsAreNamed() {
        String refused = outcome(List.of());
        assertTrue(refused.startsWith("refused with MissingJvmFlagsException"), refused);
        for (String flag : JvmFlags.required()) {
            if (flag.startsWith("--enable-native-access")) {
                // Without it there is a warning, nothing more.
                continue;
            }
            for (String part : flag.split("[ =]")) {
                assertTrue(refused.contains(part), "the message names " + part + ": " + refused);
            }
        }
        assertFalse(Files.exists(folder), "nothing was changed");
    }

    @Test
    void theFlagsThatAreNamedAreEnough() {
        assertTrue(outcome(flags()).startsWith("opened at 0"));
    }

    @Test
    void eachFlagThatOpensOrExportsAndIsMissingIsNamed() {
        for (String flag : List.of("java.base/sun.nio.ch", "java.base/jdk.internal.ref", "java.base/java.lang.reflect",
            "java.base/jdk.internal.misc")) {
            List<String> rest = new ArrayList<>(flags());
            assertTrue(rest.removeIf(named -> named.contains(flag)), () -> flag + " is among " + JvmFlags.required());
            String refused = outcome(rest);
            assertTrue(refused.startsWith("refused with MissingJvmFlagsException") && refused.contains(flag), flag + ": " + refused);
        }
    }

    /** Chronicle Map loads a class of it, and says less when it is not there. */
    @Test
    void aJvmWithoutTheCompilerIsRefused() {
        List<String> flags = new ArrayList<>(flags());
        flags.addAll(List.of("--limit-modules", "java.se,jdk.unsupported"));
        String refused = outcome(flags);
        assertTrue(refused.startsWith("refused with MissingJvmFlagsException") && refused.contains("a full JDK"), refused);
        assertFalse(Files.exists(folder), "nothing was changed");
    }

    @Test
    void anotherVersionOfChronicleIsRefusedByName() throws IOException {
        anotherVersionIsRefused("chronicle-queue-");
    }

    @Test
    void anotherVersionOfChronicleMapIsRefusedByName() throws IOException {
        anotherVersionIsRefused("chronicle-map-");
    }

    @Test
    void anotherVersionOfAgronaIsRefusedByName() throws IOException {
        anotherVersionIsRefused("agrona-");
    }

    private void anotherVersionIsRefused(String library) throws IOException {
        Path jar = ChildJvm.onClassPath(library);
        Matcher name = Pattern.compile(Pattern.quote(library) + "(.*)\\.jar").matcher(jar.getFileName().toString());
        assertTrue(name.matches());
        String version = name.group(1);
        Path other = temp.resolve(library + "1999.9.jar");
        copyWithVersion(jar, version, "1999.9", other);
        String classPath = ChildJvm.classPathWith(jar, other);
        try (ChildJvm child = ChildJvm.start(flags(), classPath, Opener.class, folder)) {
            String refused = child.lineThatBegins("refused with ");
            assertTrue(refused.contains("UnsupportedFormatException"), refused);
            assertTrue(refused.contains("1999.9") && refused.contains(version)
                && refused.contains(library.substring(0, library.length() - 1)), refused);
        }
        assertFalse(Files.exists(folder), "nothing was changed");
        try (ChildJvm child = ChildJvm.start(flags(), classPath, Opener.class, folder, "allowed")) {
            assertEquals("opened at 0", child.lineThatBegins("opened"));
        }
    }

    /** What tells a version in a jar: its manifest, and Maven's properties. */
    private static void copyWithVersion(Path jar, String version, String newVersion, Path copy) throws IOException {
        try (JarFile in = new JarFile(jar.toFile()); ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (var entries = in.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                byte[] content = in.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith("MANIFEST.MF") || entry.getName().endsWith("pom.properties")) {
                    content = new String(content, StandardCharsets.UTF_8).replace(version, newVersion).getBytes(StandardCharsets.UTF_8);
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(content);
                out.closeEntry();
            }
        }
    }

    private String outcome(List<String> flags) {
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), Opener.class, folder)) {
            List<String> lines = child.lines();
            return lines.stream().filter(line -> line.startsWith("opened") || line.startsWith("refused")).findFirst()
                .map(line -> String.join("\n", lines.subList(lines.indexOf(line), lines.size())))
                .orElseThrow(() -> new AssertionError("it neither opened nor refused: " + lines));
        }
    }

    /** As the command line takes them: an option and its value may stand in one string. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>();
        JvmFlags.required().forEach(flag -> flags.addAll(List.of(flag.split(" "))));
        return flags;
    }
}
