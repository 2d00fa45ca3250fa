package io.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.util.Arrays;

/** The accounts as the journal's events make them. Stops at the first thing that is wrong. */
final class Books {

    private final Provenance source;
    private final long[] balances = new long[TransferPlan.ACCOUNTS];
    private final long[] versions = new long[TransferPlan.ACCOUNTS];
    private long events;
    private long transfers;
    private String problem;

    Books(Provenance source) {
        this.source = source;
        Arrays.fill(versions, -1);
    }

    /** Replays all accounts and compares them with the plan; null if the books balance, else what is wrong. */
    String balance(EventStore store, TransferPlan plan) {
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all().category("account"))) {
            RecordedEvent debit = null;
            while (problem == null && cursor.next()) {
                if (!source.made(cursor.event())) continue;
                RecordedEvent event = cursor.event().copy();
                debit = book(event, debit);
            }
        }
        long sum = 0;
        for (int account = 0; account < TransferPlan.ACCOUNTS; account++) {
            sum += balances[account];
            if (balances[account] != plan.balance(account)) wrong("balance", account, plan.balance(account), balances[account]);
            if (versions[account] != plan.version(account)) wrong("version", account, plan.version(account), versions[account]);
        }
        long opened = TransferPlan.ACCOUNTS * TransferPlan.OPENING_CENTS;
        if (sum != opened) wrong("sum", -1, opened, sum);
        if (transfers != plan.number()) wrong("transfers", -1, plan.number(), transfers);
        return problem;
    }

    long events() {
        return events;
    }

    /** Books one event; returns it if the other half of its transfer must follow. */
    private RecordedEvent book(RecordedEvent event, RecordedEvent debit) {
        int account = Integer.parseInt(event.entity().substring(event.entity().indexOf('-') + 1));
        long cents = PathChange.read(event.payload()).path("cents").asLong();
        events++;
        if (event.version() != ++versions[account]) wrong("version", account, versions[account], event.version());
        boolean withdrawal = event.type().equals(TransfersAct.WITHDRAWN);
        balances[account] += withdrawal ? -cents : cents;
        if (balances[account] < 0) wrong("balance", account, 0, balances[account]);
        if (event.type().equals(TransfersAct.DEPOSITED)) {
            transfers++;
            if (debit == null || !halves(debit, event)) wrong("transfer", account, transfers, -1);
        } else if (debit != null) {
            wrong("transfer", account, transfers + 1, -1);
        }
        return withdrawal ? event : null;
    }

    private static boolean halves(RecordedEvent debit, RecordedEvent credit) {
        JsonNode withdrawn = PathChange.read(debit.payload());
        JsonNode deposited = PathChange.read(credit.payload());
        return debit.commitPosition() == credit.commitPosition() && withdrawn.path("transfer").equals(deposited.path("transfer"))
            && withdrawn.path("cents").equals(deposited.path("cents"));
    }

    private void wrong(String what, int account, long expected, long found) {
        if (problem == null) {
            problem = "The books do not balance: " + what + (account < 0 ? "" : " account=" + account) + " expected=" + expected
                + " found=" + found;
        }
    }
}
