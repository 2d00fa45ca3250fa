package io.daybook.cli;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Transfers between accounts, the same ones every time, so that a run that was stopped can go on where it was. No account ever lacks money.
 */
final class TransferPlan {

    static final int ACCOUNTS = 10_000;
    static final long OPENING_CENTS = 100_000;

    private static final long SEED = 42;
    private static final int HIGHEST_CENTS = 5_000;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final long[] balances = new long[ACCOUNTS];
    private final long[] versions = new long[ACCOUNTS];
    private long number;
    private int from;
    private int to;
    private long cents;

    TransferPlan() {
        Arrays.fill(balances, OPENING_CENTS);
    }

    /** Goes on to the next transfer and books it. */
    void next() {
        number++;
        do {
            from = random.nextInt(ACCOUNTS);
        } while (balances[from] == 0);
        to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        cents = 1 + random.nextLong(Math.min(HIGHEST_CENTS, balances[from]));
        balances[from] -= cents;
        balances[to] += cents;
        versions[from]++;
        versions[to]++;
    }

    /** Name of an account's entity. */
    static String entity(int account) {
        return "account-" + account;
    }

    /** What this plan is called among the sources of events. */
    static String fingerprint() {
        return Provenance.fingerprint("transfers seed=" + SEED + " accounts=" + ACCOUNTS);
    }

    long number() {
        return number;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    long cents() {
        return cents;
    }

    /** What an account has after the newest transfer. */
    long balance(int account) {
        return balances[account];
    }

    /** Version of an account's newest event after the newest transfer; opening it was version 0. */
    long version(int account) {
        return versions[account];
    }
}
