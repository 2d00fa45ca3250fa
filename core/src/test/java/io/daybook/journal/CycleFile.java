package io.daybook.journal;

import io.daybook.envelope.CommitDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A cycle file made by hand, document by document. */
final class CycleFile implements AutoCloseable {

    /** Where the first document begins, behind the file's own header. */
    static final int FIRST = 64;

    final Path path;
    private final FileChannel channel;
    private long end;

    private CycleFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static CycleFile create(JournalFolder folder, int cycle) throws IOException {
        Files.createDirectories(folder.queue());
        Path path = folder.cycleFile(cycle);
        CycleFile file = new CycleFile(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        return file.metadata(FIRST - 4);
    }

    CycleFile header(int header) throws IOException {
        channel.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, header), end);
        return this;
    }

    CycleFile metadata(int length) throws IOException {
        header(DocumentScanner.METADATA | length);
        return data(new byte[length]);
    }

    CycleFile document(byte[] data) throws IOException {
        header(data.length);
        return data(data);
    }

    private CycleFile data(byte[] data) throws IOException {
        ByteBuffer padded = ByteBuffer.allocate(CommitDescriptor.aligned(data.length)).put(data).rewind();
        channel.write(padded, end + 4);
        end += 4 + padded.capacity();
        return this;
    }

    CycleFile endMark() throws IOException {
        return header(DocumentScanner.END_OF_FILE);
    }

    /** Makes the file at least so long; what is not written is a hole. */
    CycleFile size(long size) throws IOException {
        channel.write(ByteBuffer.allocate(1), size - 1);
        return this;
    }

    long end() {
        return end;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
