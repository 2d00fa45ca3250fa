package io.daybook.journal;

import io.daybook.host.Space;
import io.daybook.host.Uninterrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The place in a cycle's file where the next document's header will stand, and which is 0 until then. A bit that changed there would be
 * passed over by Chronicle as a document, and be damage to the next who opens.
 */
final class FileEnd {

    private FileEnd() {
    }

    /** Something stands where nobody has written yet; what Chronicle writes there is metadata. */
    static boolean isChanged(int header) {
        return header != 0 && (header & DocumentScanner.METADATA) == 0;
    }

    /** Makes it 0, on the device too. Through the file: a fault of its memory would come as an error of the JVM. */
    static void clear(Path file, long offset) {
        try {
            Uninterrupted.call(() -> {
                clearOnce(file, offset);
                return null;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clearOnce(Path file, long offset) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(DocumentScanner.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            if (channel.read(header, offset) == DocumentScanner.HEADER_LENGTH && isChanged(header.getInt(0))) {
                Space.write(channel, header.putInt(0, 0).clear(), offset);
                channel.force(false);
            }
        }
    }
}
