package io.daybook.bench.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Cases and outcomes as JSON, on their way between processes. */
public final class Cases {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Cases() {
    }

    /** One line. */
    public static String toJson(Object record) {
        try {
            return JSON.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This has no form in JSON: record=" + record, e);
        }
    }

    /** The case on this line. */
    public static Case parseCase(String line) {
        return parse(line, Case.class);
    }

    /** The outcome on this line. */
    public static Outcome parseOutcome(String line) {
        return parse(line, Outcome.class);
    }

    private static <T> T parse(String line, Class<T> type) {
        try {
            return JSON.readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This line cannot be read: line=" + line, e);
        }
    }
}
