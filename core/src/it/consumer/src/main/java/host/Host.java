package host;

import io.daybook.EventStore;
import java.nio.file.Path;

/** Compiles against the embedded artifact alone. */
public final class Host {
    private Host() {
    }

    public static void main(String[] args) {
        try (EventStore store = EventStore.open(Path.of(args[0]))) {
            System.out.println(store.endPosition());
        }
    }
}
