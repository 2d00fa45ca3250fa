package io.daybook.cli;

/** What a column of the input can say about its row. */
enum Role {
    ENTITY, TYPE, COMMIT, TIME, ID, EXPECTED_COUNT
}
