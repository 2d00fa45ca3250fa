package io.daybook.recovery;

import io.daybook.UnsupportedFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/** Refuses libraries, machines and file systems with which Daybook was not tested. Internal: not part of the API. */
final class Surroundings {

    private static final Set<String> REFUSED_FILE_SYSTEMS = Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "overlay", "overlayfs", "9p",
            "virtiofs");

    private record Library(String name, String testedVersion, String pomProperties, String aClass) {
    }

    private static final Library[] LIBRARIES = {
        new Library("chronicle-queue", "2026.4", "net.openhft/chronicle-queue", "net.openhft.chronicle.queue.ChronicleQueue"),
        new Library("chronicle-map", "2026.1", "net.openhft/chronicle-map", "net.openhft.chronicle.map.ChronicleMap"),
        new Library("agrona", "2.6.0", "org.agrona/agrona", "org.agrona.DirectBuffer"),
    };

    private Surroundings() {
    }

    static void requireLibraries() {
        for (Library library : LIBRARIES) {
            String found = version(library);
            if (!library.testedVersion.equals(found)) {
                throw new UnsupportedFormatException("A library has another version than the tested one "
                        + "(StoreSettings.untestedLibraries allows it): "
                        + "library=" + library.name + " found=" + found + " tested=" + library.testedVersion);
            }
        }
    }

    private static String version(Library library) {
        try (InputStream in = Surroundings.class.getResourceAsStream("/META-INF/maven/" + library.pomProperties + "/pom.properties")) {
            if (in != null) {
                Properties properties = new Properties();
                properties.load(in);
                return properties.getProperty("version");
            }
            return manifestVersion(library);
        } catch (IOException | ClassNotFoundException e) {
            return "unknown";
        }
    }

    private static String manifestVersion(Library library) throws IOException, ClassNotFoundException {
        Class<?> type = Class.forName(library.aClass, false, Surroundings.class.getClassLoader());
        URL url = type.getResource(type.getSimpleName() + ".class");
        if (url != null && url.openConnection() instanceof JarURLConnection jar && jar.getManifest() != null) {
            return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
        }
        return "unknown";
    }

    static void requirePlatform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        boolean known = (os.equals("linux") || os.startsWith("mac")) && Set.of("amd64", "x86_64", "aarch64").contains(arch);
        if (!known) {
            throw new UnsupportedFormatException("Daybook runs on Linux (x86-64, aarch64) and, for development, on macOS: os=" + os
                    + " arch=" + arch);
        }
    }

    static void requireFileSystem(Path folder) throws IOException {
        String type = Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
        if (isRefused(type)) {
            throw new UnsupportedFormatException("A journal cannot live on this file system, where mapped files do not behave: folder="
                    + folder
                    + " fileSystem=" + type);
        }
    }

    static boolean isRefused(String fileSystem) {
        return REFUSED_FILE_SYSTEMS.contains(fileSystem) || fileSystem.startsWith("fuse");
    }
}
