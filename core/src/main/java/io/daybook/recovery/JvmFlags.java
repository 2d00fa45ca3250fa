package io.daybook.recovery;

import io.daybook.MissingJvmFlagsException;
import java.util.ArrayList;
import java.util.List;

/** The flags that Chronicle and Agrona need from the JVM. Thread-safe. Internal: not part of the API. */
public final class JvmFlags {

    private static final int NATIVE_ACCESS_SINCE = 24;

    private record Package(String module, String name, boolean open) {
        String flag() {
            return (open ? "--add-opens=" : "--add-exports=") + module + "/" + name + "=ALL-UNNAMED";
        }

        boolean isThere() {
            Module own = JvmFlags.class.getModule();
            return ModuleLayer.boot().findModule(module)
                    .map(m -> open ? m.isOpen(name, own) : m.isExported(name, own)).orElse(false);
        }
    }

    private static final List<Package> PACKAGES = List.of(
            new Package("java.base", "sun.nio.ch", false),
            new Package("java.base", "jdk.internal.ref", false),
            new Package("java.base", "jdk.internal.misc", true),
            new Package("java.base", "java.lang", true),
            new Package("java.base", "java.lang.reflect", true),
            new Package("jdk.compiler", "com.sun.tools.javac.file", false));

    private JvmFlags() {
    }

    /** All of them for the running JVM, in the form of its command line. */
    public static List<String> required() {
        List<String> flags = new ArrayList<>(PACKAGES.stream().map(Package::flag).toList());
        if (Runtime.version().feature() >= NATIVE_ACCESS_SINCE) {
            flags.add("--enable-native-access=ALL-UNNAMED"); // silences a warning, nothing more
        }
        return flags;
    }

    /** Refuses to go on without them: Chronicle would fail later and say less. */
    static void requireAll() {
        if (ModuleLayer.boot().findModule("jdk.compiler").isEmpty()) {
            throw new MissingJvmFlagsException("Daybook needs a full JDK: Chronicle Map uses the module jdk.compiler, "
                    + "which this JVM lacks");
        }
        List<String> missing = PACKAGES.stream().filter(p -> !p.isThere()).map(Package::flag).toList();
        if (!missing.isEmpty()) {
            throw new MissingJvmFlagsException("The JVM was started without flags that Chronicle and Agrona need: missing="
                    + String.join(" ", missing));
        }
    }
}
