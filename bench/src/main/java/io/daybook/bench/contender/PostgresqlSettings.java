package io.daybook.bench.contender;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How PostgreSQL's server is set up, whoever keeps events in it. */
final class PostgresqlSettings {

    // The part of the memory that PostgreSQL's documentation begins with is a quarter; this much holds every workload's hot pages.
    private static final List<String> ALL = List.of("shared_buffers=1GB", "max_wal_size=16GB", "checkpoint_timeout=30min",
            "max_connections=200", "jit=off", "dynamic_shared_memory_type=mmap");

    private PostgresqlSettings() {
    }

    /** Each {@code name=value}. */
    static List<String> of(Durability durability) {
        List<String> settings = new ArrayList<>(ALL);
        settings.addAll(durable(durability));
        return settings;
    }

    /**
     * D0: an append is in the kernel before it is answered, never forced; where nothing is forced, images of whole pages guard nothing.
     * D1: what is not yet written is at most three delays of the log's writer old.
     */
    private static List<String> durable(Durability durability) {
        return switch (durability) {
            case D0 -> List.of("fsync=off", "synchronous_commit=on", "full_page_writes=off");
            case D1 -> List.of("synchronous_commit=off", "wal_writer_delay=15ms");
            default -> List.of();
        };
    }

    /** All of them, for the report: those of every class, then what each class adds. */
    static String described(Set<Durability> durabilities) {
        StringBuilder text = new StringBuilder(String.join(", ", ALL));
        List<String> defaults = new ArrayList<>();
        for (Durability each : durabilities) {
            if (durable(each).isEmpty()) {
                defaults.add(each.name());
            } else {
                text.append("; ").append(each).append(": ").append(String.join(", ", durable(each)));
            }
        }
        if (!defaults.isEmpty()) {
            text.append("; ").append(String.join(", ", defaults)).append(": default");
        }
        return text.append("; a connection a thread").toString();
    }
}
