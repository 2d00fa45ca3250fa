package io.daybook.kafka;

import io.daybook.Cursor;
import io.daybook.JournalId;
import io.daybook.JournalRestore;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Makes a journal of the topics of a mirror: reads them from their beginning, or from the time of the newest commit that an earlier
 * restore brought, and appends one commit after the other, whole. One thread.
 */
final class TopicRestore {

    private static final int LEFT_OUT = 100; // epochs, at least, and not twice as many

    private final BridgeSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final RestoreProgress progress;
    private final RestoreSource source;
    private PartitionBuffers buffers;
    private TopicMerge merge;
    private int commitEpoch; // of the newest commit
    private int newestEpoch; // that the topic tells of

    TopicRestore(BridgeSettings settings, Consumer<byte[], byte[]> consumer, RestoreProgress progress) {
        this.settings = settings;
        this.consumer = consumer;
        this.progress = progress;
        source = new RestoreSource(settings, consumer);
    }

    /**
     * Restores all that the topic held when this began.
     *
     * @throws BridgeException if that is not a journal's mirror, whole
     */
    Restoration run(Path folder, StoreSettings storeSettings) {
        RestoreSource.Found found = source.find();
        newestEpoch = found.epoch();
        buffers = new PartitionBuffers(consumer, found.layout());
        merge = new TopicMerge(buffers, found.identity(), found.layout());
        try (JournalRestore journal = JournalRestore.open(folder, found.identity(), storeSettings)) {
            long resumed = journal.endPosition();
            if (resumed > found.end()) {
                throw new BridgeException("An earlier restore brought more events than the topic has, or than are asked for: folder="
                        + folder + " restored=" + resumed + " topic=" + settings.topic() + " end=" + found.end());
            }
            if (resumed > 0) {
                goOn(journal, new RecordEncoder(found.layout(), found.identity()));
            }
            long end = resumed;
            while (end < found.end()) {
                end = append(journal, end);
                progress.reached(end, found.end());
            }
            requireNothingElse(end, found);
            return new Restoration(complete(journal), end, resumed, found.mirrored());
        }
    }

    private JournalId complete(JournalRestore journal) {
        try {
            return journal.complete(epochBehind(newestEpoch));
        } catch (IllegalArgumentException e) {
            throw new BridgeException("The topic tells of an epoch that no journal can go on from: topic=" + settings.topic() + " epoch="
                    + newestEpoch, e);
        }
    }

    /**
     * The journal that was lost may have begun epochs that no mirror heard of, and another restore of the same topic begins one, too. Who
     * keeps an epoch with a position must not take theirs for the restored journal's: so some are left out, and not always as many.
     */
    private static int epochBehind(int newest) {
        int wanted = newest + LEFT_OUT + ThreadLocalRandom.current().nextInt(LEFT_OUT);
        return wanted <= JournalId.MAX_EPOCH ? wanted : newest + 1;
    }

    /** Takes the commit at this position out of the topic; answers the position behind it. */
    private long append(JournalRestore journal, long position) {
        List<RecordedEvent> commit = new ArrayList<>();
        TopicMerge.Head head = take(position);
        MirroredEvent first = head.mirrored();
        commit.add(first.event());
        int size = first.event().commitSize();
        if (position + size > settings.restoreTo()) {
            throw new BridgeException("No commit begins at the position to which is to be restored: restoreTo=" + settings.restoreTo()
                    + " commitPosition=" + position + " commitSize=" + size);
        }
        // Damage may say any size: more than a commit's must not be gathered.
        for (long next = position + 1; next < position + Math.min(size, StoreSettings.MAX_COMMIT_EVENTS); next++) {
            commit.add(take(next).mirrored().event());
        }
        // Where a record does not tell, its mirror may have been behind: then it is one that events behind it were still written before.
        int epoch = Math.max(commitEpoch, first.commitEpoch());
        try {
            journal.append(commit, epoch);
        } catch (IllegalArgumentException e) {
            throw new BridgeException("The topic has events that are not a journal's. " + e.getMessage() + " commitPosition=" + position
                    + MirroredEvent.place(head.record()), e);
        }
        commitEpoch = epoch;
        return position + commit.size();
    }

    private TopicMerge.Head take(long position) {
        TopicMerge.Head head = merge.take(position);
        newestEpoch = Math.max(newestEpoch, Math.max(head.mirrored().epoch(), head.mirrored().commitEpoch()));
        return head;
    }

    /** Finds where an earlier restore was cut short. Its newest commit must be the topic's: it may be another one of this name by now. */
    private void goOn(JournalRestore journal, RecordEncoder encoder) {
        StartFrom newest = new StartFrom.Position(journal.endPosition() - 1);
        long commit;
        try (Cursor cursor = journal.readAll(newest)) {
            cursor.next();
            commit = cursor.event().commitPosition();
            commitEpoch = cursor.event().epoch();
            buffers.seekTo(TimeUnit.NANOSECONDS.toMillis(cursor.event().timeNs()));
        }
        merge.passOver(commit);
        try (Cursor cursor = journal.readAll(new StartFrom.Position(commit))) {
            while (cursor.next()) {
                TopicMerge.Head head = take(cursor.position());
                Optional<String> difference = RecordComparison.difference(encoder.encode(cursor.event(), 0), head.record());
                if (difference.isPresent()) {
                    throw new BridgeException("The topic has another event than an earlier restore found in it: position="
                            + cursor.position() + " " + difference.get() + MirroredEvent.place(head.record()));
                }
            }
        }
    }

    /** A mirror that runs may have gone on meanwhile, but not behind the position that it says then. */
    private void requireNothingElse(long end, RestoreSource.Found found) {
        if (settings.restoreTo() <= end) {
            return; // what lies behind is not wanted, and need not be whole
        }
        long highest = merge.passOverRest(end);
        if (highest >= 0 && !found.mirrored()) {
            throw new BridgeException("The topic goes on while it is restored, and no progress tells how far: position=" + highest
                    + " topic=" + settings.topic());
        }
        if (highest >= 0 && !source.isReached(highest)) {
            throw new BridgeException("A mirror that is started may mend it, and where the journal is lost what is before can be restored"
                    + " (restoreTo, --to). The topic has an event that its mirror did not reach: position=" + highest + " topic="
                    + settings.topic() + " reached=" + end);
        }
    }
}
