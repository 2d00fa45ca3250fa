package io.daybook.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that is written to and forced: the floor of everything that forces before it answers. The file has its blocks already, as a log
 * that is written again and again has; each append writes as many bytes as a commit of Daybook's. It cannot be read by entity.
 */
final class ForcedFileContender implements Contender {

    private static final long FILE_BYTES = 64 << 20;
    private static final int ENVELOPE_BYTES = 28 + 42 + 4 + 4;

    @Override
    public String name() {
        return "fdatasync";
    }

    @Override
    public String title() {
        return "bare write and fdatasync";
    }

    @Override
    public boolean checksVersions() {
        return false;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D2);
    }

    @Override
    public String setup() {
        return "a file of 64 MiB that has its blocks, written round and round, fdatasync after each append";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(folder.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        while (channel.size() < FILE_BYTES) {
            channel.write(zeros.clear(), channel.size());
        }
        channel.force(true);
        return new Log(channel);
    }

    private record Log(FileChannel channel) implements EventLog {
        @Override
        public Writer writer() {
            return new FileWriter(channel);
        }

        @Override
        public Reader reader() {
            throw new UnsupportedOperationException("A bare file cannot be read by entity");
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class FileWriter implements Writer {
        private final FileChannel channel;
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);
        private long position;
        private long count;

        FileWriter(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            bytes.clear().position(ENVELOPE_BYTES + entity.length());
            bytes.put(payload);
            write();
            return count++;
        }

        @Override
        public boolean appendAll(Batch batch) {
            bytes.clear();
            for (int i = 0; i < batch.size(); i++) {
                bytes.position(bytes.position() + ENVELOPE_BYTES + batch.entity(i).length());
                bytes.put(batch.payload(i));
            }
            write();
            count += batch.size();
            return true;
        }

        private void write() {
            bytes.flip();
            if (position + bytes.remaining() > FILE_BYTES) {
                position = 0;
            }
            try {
                while (bytes.hasRemaining()) {
                    position += channel.write(bytes, position);
                }
                channel.force(false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
