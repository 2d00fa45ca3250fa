package io.daybook.subscribe;

import io.daybook.EpochException;
import io.daybook.Filter;
import io.daybook.JournalId;
import io.daybook.JournalInUseException;
import io.daybook.StartFrom;
import io.daybook.host.OwnerOnly;
import io.daybook.journal.CheckpointFile;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.ProcessLock;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The checkpoint of a named subscription: where it goes on when it is started again, and that nobody else has its name meanwhile. Saved by
 * the thread that polls; closed by any. Internal: not part of the API.
 */
public final class Checkpoint implements AutoCloseable {

    private final JournalFolder folder;
    private final String name;
    private final byte[] filter;
    private final ProcessLock lock;
    private CheckpointFile file;
    private JournalId journal;
    private boolean closed;

    private Checkpoint(JournalFolder folder, String name, byte[] filter, ProcessLock lock) {
        this.folder = folder;
        this.name = name;
        this.filter = filter;
        this.lock = lock;
    }

    /**
     * Takes the name, and opens what was saved under it.
     *
     * @throws JournalInUseException    if another subscription, of any process, has the name
     * @throws IllegalArgumentException if it was made with another filter
     * @throws io.daybook.JournalDamagedException if what was saved is damaged
     */
    public static Checkpoint take(JournalFolder folder, String name, Filter filter) {
        try {
            OwnerOnly.createFolder(folder.followers());
            ProcessLock lock = ProcessLock.tryTake(folder.followerLock(name));
            if (lock == null) {
                throw new JournalInUseException("The subscription is running already: name=" + name + " holderPid=" + holder(folder, name));
            }
            Checkpoint checkpoint = new Checkpoint(folder, name, encode(filter), lock);
            try {
                checkpoint.open(filter);
                return checkpoint;
            } catch (Throwable e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint cannot be opened: name=" + name + " folder=" + folder.followers(), e);
        }
    }

    private static String holder(JournalFolder folder, String name) {
        long pid = CheckpointFile.peekHolder(folder.followerFile(name));
        return pid == 0 ? "unknown" : Long.toString(pid);
    }

    private void open(Filter wanted) throws IOException {
        if (!Files.exists(folder.followerFile(name))) {
            return;
        }
        file = CheckpointFile.open(folder.followerFile(name));
        if (!file.hasFilter(filter)) {
            throw new IllegalArgumentException("The subscription was made with another filter: name=" + name + " asked=" + wanted
                    + " file=" + file.path());
        }
        file.holder(ProcessHandle.current().pid());
    }

    /** The same bytes for equal filters: both sets in order, each with its number, each name with its length. */
    private static byte[] encode(Filter filter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Set<String> names : List.of(filter.categories(), filter.types())) {
                out.writeInt(names.size());
                for (String one : new TreeSet<>(names)) {
                    byte[] utf8 = one.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(utf8.length);
                    out.write(utf8);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Where to start: behind what was saved, or where a new name is told to.
     *
     * @throws EpochException if what was saved belongs to another journal, or to events that are not there any more
     */
    public StartFrom start(JournalId id, long endPosition, StartFrom ifNew) {
        journal = id;
        if (file == null) {
            return ifNew;
        }
        CheckpointFile.Place place = file.read();
        if (!place.identity().equals(id.identity())) {
            throw refusal("The checkpoint belongs to another journal", place, "journal=" + id.identity());
        }
        if (place.position() < -1) {
            throw refusal("The checkpoint says a position that no event has", place, "least=-1");
        }
        long left = endOf(place.epoch());
        if (place.position() >= left) {
            throw refusal("The checkpoint lies in events that were lost when its epoch ended", place, "epochEnd=" + left);
        }
        if (place.epoch() > id.epoch() || place.position() >= endPosition) {
            throw refusal("The checkpoint lies behind the journal's end", place,
                    "endPosition=" + endPosition + " newestEpoch=" + id.epoch());
        }
        return new StartFrom.Position(place.position() + 1);
    }

    private EpochException refusal(String what, CheckpointFile.Place place, String fact) {
        return new EpochException(what + ": name=" + name + " position=" + place.position() + " epoch=" + place.epoch() + " identity="
                + place.identity() + " " + fact + " file=" + file.path());
    }

    /** The first position that an epoch does not have; as many as there are for the newest. */
    private long endOf(int epoch) {
        try {
            return EpochFile.read(folder).stream().filter(later -> later.number() > epoch).mapToLong(EpochFile.Epoch::startPosition).min()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the file if the name is new; the last position before the start. */
    public void begin(long position) {
        if (file != null) {
            return;
        }
        try {
            JournalFolder.force(folder.root()); // a folder that is lost in a power cut would make the name new
            file = CheckpointFile.create(folder.followerFile(name), filter, new CheckpointFile.Place(journal.identity(), journal.epoch(),
                    position));
            file.holder(ProcessHandle.current().pid());
        } catch (IOException e) {
            throw new UncheckedIOException("The checkpoint cannot be made: name=" + name + " folder=" + folder.followers(), e);
        }
    }

    /** Everything up to this position was handled, or passed over. Does nothing once it is closed: the name may be another's then. */
    synchronized void save(int epoch, long position) {
        if (!closed) {
            file.write(journal.identity().getMostSignificantBits(), journal.identity().getLeastSignificantBits(), epoch, position);
        }
    }

    /** Gives the name up. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (file != null) {
                file.holder(0);
                file.force();
                file = null; // and with it the mapping
            }
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The subscription's name was not given up: name=" + name, e);
        }
    }
}
