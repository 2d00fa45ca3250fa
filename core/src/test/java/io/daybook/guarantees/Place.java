package io.daybook.guarantees;

/**
 * A line of a method at which a JVM can be halted.
 *
 * @param step      that the method belongs to
 * @param className with its package
 * @param method    its name; all that bear it
 * @param line      in the source file
 */
record Place(Step step, String className, String method, int line) {

    @Override
    public String toString() {
        return step + " " + className.substring(className.lastIndexOf('.') + 1) + "." + method + ":" + line;
    }
}
