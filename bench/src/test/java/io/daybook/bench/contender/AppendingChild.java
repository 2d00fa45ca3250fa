package io.daybook.bench.contender;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that says when it is open, waits for a line, appends one event after the other, and prints the number of each once it is
 * answered, in D2G once it is forced.
 */
final class AppendingChild {

    static final String OPEN = "open";
    private static final int ENTITIES = 7;

    private AppendingChild() {
    }

    /** Arguments: contender, durability, folder, number of events. */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[3]);
        Durability durability = Durability.valueOf(args[1]);
        try (EventLog log = Contenders.named(args[0]).open(Path.of(args[2]), durability)) {
            Writer writer = log.writer();
            System.out.println(OPEN);
            System.in.read();
            for (int i = 0; i < count; i++) {
                byte[] payload = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
                long position = writer.append("account-" + i % ENTITIES, i / ENTITIES - 1, payload);
                if (position < 0) {
                    throw new IllegalStateException("An append was refused: number=" + i);
                }
                if (durability == Durability.D2G) {
                    log.awaitForced(position);
                }
                System.out.println(i);
            }
        }
    }
}
