package io.daybook.cli;

import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.metrics.LatencyRecorder;

/** The second act of the demo: transfers between accounts, each one commit over two entities at expected versions. */
final class TransfersAct {

    static final String OPENED = "Opened";
    static final String WITHDRAWN = "Withdrawn";
    static final String DEPOSITED = "Deposited";

    private static final int OPENED_AT_ONCE = 1_000;

    private final EventStore store;
    private final Narrator narrator;
    private final long transfers;
    private final Provenance source = new Provenance(TransferPlan.fingerprint());
    private final TransferPlan plan = new TransferPlan();
    private final LatencyRecorder latencies = new LatencyRecorder();

    TransfersAct(EventStore store, Narrator narrator, long transfers) {
        this.store = store;
        this.narrator = narrator;
        this.transfers = transfers;
    }

    /** Plays it; false if the books do not balance. */
    boolean play() {
        narrator.title("Act two: %,d transfers between %,d accounts", transfers, TransferPlan.ACCOUNTS);
        // Rows of this source: first an opening for each account, then the transfers.
        RecordedEvent newest = source.newest(store);
        long done = newest == null ? 0 : Provenance.of(newest).path("row").asLong();
        long start = System.nanoTime();
        try (Bar bar = Bar.show(narrator.streams(), "Transferring", transfers, Bar.Unit.COMMITS)) {
            openAccounts(done);
            for (long n = done - TransferPlan.ACCOUNTS; n > 0; n--) plan.next();
            bar.stepTo(Math.min(plan.number(), transfers));
            for (; plan.number() < transfers; bar.step()) transfer();
        } catch (ConflictException e) {
            throw new Failure("The accounts have events of somebody else: entity=" + e.entity() + " expected=" + e.expected()
                + " actual=" + e.actual());
        }
        long tookNs = System.nanoTime() - start;
        tell(done, tookNs);
        return check(tookNs);
    }

    private void tell(long done, long tookNs) {
        long found = done - TransferPlan.ACCOUNTS;
        if (found > 0) narrator.tell("found", "The journal holds %,d of these transfers already.", found);
        if (latencies.count() == 0) {
            narrator.tell("appended", "nothing");
        } else {
            narrator.tell("appended", "%,d transfers of two events, %,d transfers/s", latencies.count(),
                Narrator.rate(latencies.count(), tookNs));
            narrator.tell("", "a commit took %s", Narrator.latencies(latencies));
        }
    }

    private boolean check(long tookNs) {
        Books books = new Books(source);
        long start = System.nanoTime();
        String problem = books.balance(store, plan);
        long replayNs = System.nanoTime() - start;
        narrator.tell("replayed", "%,d events, %,d events/s", books.events(), Narrator.rate(books.events(), replayNs));
        if (problem == null) {
            narrator.tell("books", "balance: %,d accounts hold %,d cents, as at the beginning", TransferPlan.ACCOUNTS,
                TransferPlan.ACCOUNTS * TransferPlan.OPENING_CENTS);
        } else {
            narrator.streams().say(problem);
        }
        narrator.end(new Facts().with("act", "transfers").with("transfers", plan.number()).with("appended", latencies.count())
            .withRate("transfersPerSecond", latencies.count(), tookNs).withLatencies(latencies).with("replayedEvents", books.events())
            .withRate("replayedPerSecond", books.events(), replayNs).with("booksBalance", problem == null).with("ok", problem == null));
        return problem == null;
    }

    private void openAccounts(long done) {
        for (int account = (int) Math.min(done, TransferPlan.ACCOUNTS); account < TransferPlan.ACCOUNTS;) {
            Commit commit = Commit.create();
            for (int n = 0; n < OPENED_AT_ONCE; n++, account++) {
                String entity = TransferPlan.entity(account);
                commit.expect(entity, Expected.absent())
                    .append(entity, event(OPENED, account + 1, "{\"cents\":" + TransferPlan.OPENING_CENTS + "}"));
            }
            store.commit(commit);
        }
    }

    private void transfer() {
        plan.next();
        String from = TransferPlan.entity(plan.from());
        String to = TransferPlan.entity(plan.to());
        long row = TransferPlan.ACCOUNTS + plan.number();
        String transfer = "{\"transfer\":" + plan.number() + ",\"cents\":" + plan.cents();
        Commit commit = Commit.create()
            .expect(from, Expected.exactly(plan.version(plan.from()) - 1))
            .append(from, event(WITHDRAWN, row, transfer + ",\"to\":\"" + to + "\"}"))
            .expect(to, Expected.exactly(plan.version(plan.to()) - 1))
            .append(to, event(DEPOSITED, row, transfer + ",\"from\":\"" + from + "\"}"));
        long start = System.nanoTime();
        store.commit(commit);
        latencies.record(System.nanoTime() - start);
    }

    private NewEvent event(String type, long row, String payload) {
        return NewEvent.json(type, payload).withMetadata(source.metadata(row));
    }
}
