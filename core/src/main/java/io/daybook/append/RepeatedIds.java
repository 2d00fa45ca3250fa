package io.daybook.append;

import io.daybook.envelope.CommitEncoder;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Refuses a commit in which an id stands twice. */
final class RepeatedIds {

    private static final int QUADRATIC_LIMIT = 16;

    private RepeatedIds() {
    }

    static void refuse(CommitEncoder encoder) {
        if (encoder.idsGiven() < 2) {
            return;
        }
        if (encoder.events() <= QUADRATIC_LIMIT) {
            compareAll(encoder);
        } else {
            collectAll(encoder);
        }
    }

    private static void compareAll(CommitEncoder encoder) {
        for (int i = 1; i < encoder.events(); i++) {
            for (int j = 0; j < i; j++) {
                if (encoder.idGiven(i) && encoder.idGiven(j) && encoder.idHigh(i) == encoder.idHigh(j)
                        && encoder.idLow(i) == encoder.idLow(j)) {
                    throw twice(encoder, i);
                }
            }
        }
    }

    private static void collectAll(CommitEncoder encoder) {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < encoder.events(); i++) {
            if (encoder.idGiven(i) && !ids.add(idOf(encoder, i))) {
                throw twice(encoder, i);
            }
        }
    }

    private static IllegalArgumentException twice(CommitEncoder encoder, int event) {
        return new IllegalArgumentException("An id stands in the commit twice: id=" + idOf(encoder, event) + " index=" + event);
    }

    private static UUID idOf(CommitEncoder encoder, int event) {
        return new UUID(encoder.idHigh(event), encoder.idLow(event));
    }
}
