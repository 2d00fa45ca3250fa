package io.daybook.envelope;

import io.daybook.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;

/** Commits for tests, and views of them. */
final class EncodedCommit {

    private EncodedCommit() {
    }

    static CommitEncoder encoder() {
        CommitEncoder encoder = new CommitEncoder(1 << 20);
        encoder.begin();
        return encoder;
    }

    static void add(CommitEncoder encoder, String entity, NewEvent event) {
        byte[] name = ("<<" + entity).getBytes(StandardCharsets.UTF_8);
        encoder.add(name, 2, name.length - 2, event);
    }

    static CommitEncoder sealed(CommitEncoder encoder) {
        for (int i = 0; i < encoder.events(); i++) {
            encoder.stamp(i, 40 + i, Address.of(1, 1000 + i), Address.of(1, 500 + i));
        }
        encoder.head(1234, 1_700_000_000_000_000_000L, 3, 1000);
        encoder.seal();
        return encoder;
    }

    /** Three events, with and without id, metadata and payload; the padded length differs from the length. */
    static byte[] small() {
        CommitEncoder encoder = encoder();
        add(encoder, "account-42", NewEvent.json("Paid", "{\"cents\":1}").withId(new UUID(0x1122334455667788L, -2)));
        add(encoder, "b", new NewEvent(null, "T", 7, new byte[] {1, 2, 3}, new byte[0]));
        add(encoder, "account-42", NewEvent.of("Sent", new byte[] {9}));
        sealed(encoder);
        byte[] bytes = new byte[encoder.paddedLength()];
        System.arraycopy(encoder.bytes(), 0, bytes, 0, bytes.length);
        return bytes;
    }

    static CommitView view(byte[] bytes, int offset, int length) {
        return new CommitView().wrap(new UnsafeBuffer(bytes), offset, length);
    }

    static CommitView view(CommitEncoder encoder) {
        return view(encoder.bytes(), 0, encoder.paddedLength());
    }

    static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
