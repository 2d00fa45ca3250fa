package io.daybook.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Which source an input is, and that it still is: a fingerprint of the columns and the first row (or of a name that the user gave), and a
 * sum over all rows up to each one. Nothing behind a row has a part in its sum. So an input is known again when only its rest was mended or
 * has grown, nothing needs to be read twice, and stdin is as good as a file; and one that begins like another and goes on differently is
 * told from it.
 */
final class Lineage {

    private static final int SHOWN_SUM_BYTES = 8;

    private final Provenance source;
    private final MessageDigest sha256 = Provenance.sha256();
    private byte[] sum;

    private Lineage(Provenance source) {
        this.source = source;
        this.sum = source.fingerprint().getBytes(StandardCharsets.US_ASCII);
    }

    /** The lineage of the input that begins with this row; {@code name} may be null. */
    static Lineage of(Columns columns, String name, Row first) {
        MessageDigest sha256 = Provenance.sha256();
        sha256.update(columns.meaning().getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) (name == null ? 0 : 1));
        return new Lineage(new Provenance(Provenance.fingerprint(sha256.digest(
            name == null ? first.payload() : name.getBytes(StandardCharsets.UTF_8)))));
    }

    Provenance source() {
        return source;
    }

    /** Goes on to the next row; the sum of all up to it. */
    String add(Row row) {
        sha256.update(sum);
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(row.payload().length).array());
        sum = sha256.digest(row.payload());
        return sum();
    }

    /** The sum of all rows until now. */
    String sum() {
        return HexFormat.of().formatHex(sum, 0, SHOWN_SUM_BYTES);
    }
}
