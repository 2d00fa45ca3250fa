package io.daybook.bench.contender;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.status.CountersReader;

/** One stream of Aeron's, recorded by an archive inside this JVM. All its files lie in one folder. Thread-safe. */
final class AeronRecording implements AutoCloseable {

    private static final String CHANNEL = CommonContext.IPC_CHANNEL;
    private static final int STREAM = 1;
    // A replay gets buffers as large as the recording's; written out beforehand they would cost more than a short replay.
    private static final String REPLAY_CHANNEL = CHANNEL + "?sparse=true";
    private static final int REPLAY_STREAM = 2;
    private static final int TERM_BYTES = 4 << 20;
    private static final int FRAGMENTS = 256;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final ArchivingMediaDriver driver;
    private final AeronArchive archive;
    private final Publication publication;
    private final CountersReader counters;
    private final int counter;
    private final long id;

    private AeronRecording(ArchivingMediaDriver driver, AeronArchive archive, Publication publication, int counter) {
        this.driver = driver;
        this.archive = archive;
        this.publication = publication;
        this.counter = counter;
        counters = archive.context().aeron().countersReader();
        id = RecordingPos.getRecordingId(counters, counter);
    }

    /** Begins a recording in the folder, or goes on with the one that is there. */
    static AeronRecording open(Path folder, int fileSyncLevel) {
        File buffers = folder.resolve("driver").toFile();
        ArchivingMediaDriver driver = ArchivingMediaDriver.launch(
                new MediaDriver.Context().aeronDirectoryName(buffers.getPath()).dirDeleteOnStart(true).dirDeleteOnShutdown(true)
                        .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(idle()).ipcTermBufferLength(TERM_BYTES),
                // The mark of a process that was killed would keep the next one out for ten seconds: it goes with the driver's buffers.
                new Archive.Context().archiveDir(folder.resolve("archive").toFile()).markFileDir(buffers)
                        .controlChannelEnabled(false).archiveClientContext(new AeronArchive.Context().controlResponseChannel(CHANNEL))
                        .replicationChannel(CHANNEL).recordingEventsEnabled(false).threadingMode(ArchiveThreadingMode.SHARED)
                        .idleStrategySupplier(AeronRecording::idle)
                        .catalogFileSyncLevel(fileSyncLevel).fileSyncLevel(fileSyncLevel));
        AeronArchive archive = null;
        try {
            archive = AeronArchive.connect(new AeronArchive.Context().aeronDirectoryName(buffers.getPath())
                    .controlRequestChannel(CHANNEL).controlResponseChannel(CHANNEL));
            Publication publication = publish(archive);
            AeronRecording recording = new AeronRecording(driver, archive, publication, awaitCounter(archive, publication));
            // The counter is there a moment before it tells where an earlier recording goes on.
            recording.endPosition();
            return recording;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(archive, driver);
            throw e;
        }
    }

    /** Spins for microseconds, then lets other threads run, and parks for at most 100 µs in the end. */
    static IdleStrategy idle() {
        return new BackoffIdleStrategy(200, 100, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MICROSECONDS.toNanos(100));
    }

    private static Publication publish(AeronArchive archive) {
        ChannelUriStringBuilder channel = new ChannelUriStringBuilder(CHANNEL);
        long[] earlier = {Aeron.NULL_VALUE};
        archive.listRecordingsForUri(0, 1, CHANNEL, STREAM, (control, correlation, recording, begun, ended, start, stop, initialTerm,
                segmentBytes, termBytes, mtu, session, stream, stripped, original, source) -> {
            earlier[0] = recording;
            channel.initialPosition(stop, initialTerm, termBytes).mtu(mtu);
        });
        if (earlier[0] == Aeron.NULL_VALUE) {
            archive.startRecording(CHANNEL, STREAM, SourceLocation.LOCAL);
        } else {
            archive.extendRecording(earlier[0], CHANNEL, STREAM, SourceLocation.LOCAL);
        }
        return archive.context().aeron().addPublication(channel.build(), STREAM);
    }

    private static int awaitCounter(AeronArchive archive, Publication publication) {
        CountersReader counters = archive.context().aeron().countersReader();
        IdleStrategy idle = idle();
        long deadline = System.nanoTime() + PATIENCE_NS;
        int counter;
        while ((counter = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), Aeron.NULL_VALUE))
                == CountersReader.NULL_COUNTER_ID) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Aeron did not begin to record: error=" + archive.pollForErrorResponse());
            }
            idle.idle();
        }
        return counter;
    }

    /** Hands a message to the driver; waits where the archive is too far behind. Answers the position of its end. */
    long offer(DirectBuffer buffer, int length, IdleStrategy idle) {
        long position = publication.offer(buffer, 0, length);
        while (position < 0) {
            if (position != Publication.BACK_PRESSURED && position != Publication.ADMIN_ACTION) {
                throw new IllegalStateException("Aeron refused a message: error=" + Publication.errorString(position));
            }
            idle.idle();
            position = publication.offer(buffer, 0, length);
        }
        idle.reset();
        return position;
    }

    /** Returns once the archive has written, and forced if it was told to, all before this position. */
    void awaitRecorded(long position, IdleStrategy idle) {
        while (counters.getCounterValue(counter) < position) {
            if (counters.getCounterState(counter) != CountersReader.RECORD_ALLOCATED) {
                throw new IllegalStateException("Aeron has stopped to record: position=" + position);
            }
            idle.idle();
        }
        idle.reset();
    }

    /** The end of all that was offered, once it is recorded. */
    long endPosition() {
        long end = publication.position();
        awaitRecorded(end, idle());
        return end;
    }

    /** Replays from a position to another. */
    void replay(long from, long to, FragmentHandler handler) {
        if (from == to) return;
        IdleStrategy idle = idle();
        try (Subscription subscription = archive.replay(id, from, to - from, REPLAY_CHANNEL, REPLAY_STREAM)) {
            long deadline = System.nanoTime() + PATIENCE_NS;
            while (subscription.imageCount() == 0) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("Aeron did not begin a replay: error=" + archive.pollForErrorResponse());
                }
                idle.idle();
            }
            Image image = subscription.imageAtIndex(0);
            while (image.position() < to) {
                int fragments = image.poll(handler, FRAGMENTS);
                if (fragments == 0 && image.isClosed()) {
                    throw new IllegalStateException("Aeron broke a replay off: position=" + image.position() + " to=" + to);
                }
                idle.idle(fragments);
            }
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(publication, archive, driver);
    }
}
