package io.daybook.simulation;

/** What can be done in a {@link World}, and how often beside the others. */
enum Kind {
    COMMIT(3_800), FORCED_COMMIT(60), CLAIM(900), READ(1_500), READ_BESIDE(600), POLL(2_000), START_WATCHER(300), STOP_WATCHER(200),
    PASS(300), JUMP(60), AWAIT(60), MISUSE(100), SUBSCRIBE(20), OPEN_READER(50), REOPEN(8), KILL(13), STOP_MACHINE(13);

    private final int weight;

    Kind(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }
}
