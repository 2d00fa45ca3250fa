package io.daybook.cli;

/**
 * What a path of a tree is.
 *
 * @param mode as git writes it
 * @param blob id of the content
 */
record PathState(String mode, String blob) {

    /** The path is not there. */
    static final PathState ABSENT = new PathState("000000", "");

    /** The state with this mode and content; whatever the content, the mode of nothing means nothing. */
    static PathState of(String mode, String blob) {
        // The few modes there are would else be held once for each path of a large tree.
        return mode.equals(ABSENT.mode) ? ABSENT : new PathState(mode.intern(), blob);
    }

    @Override
    public String toString() {
        return this == ABSENT ? "nothing" : mode + " " + blob;
    }
}
