package io.daybook;

/** Bytes of the journal are not the ones that were written. Nothing of the damaged commit is handed out. */
public final class JournalDamagedException extends DaybookException {

    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;

    /** The damage lies at {@code offset} of {@code file}. */
    public JournalDamagedException(String what, String file, long offset) {
        super(what + ": file=" + file + " offset=" + offset);
        this.file = file;
        this.offset = offset;
    }

    /** Name of the damaged file. */
    public String file() {
        return file;
    }

    /** Where in the file, in bytes. */
    public long offset() {
        return offset;
    }
}
