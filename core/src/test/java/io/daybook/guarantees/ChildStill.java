package io.daybook.guarantees;

/** A JVM that loads classes, says so, and does nothing until it is killed. */
final class ChildStill {

    private ChildStill() {
    }

    /** Arguments: names of classes. */
    public static void main(String[] arguments) throws Exception {
        for (String name : arguments) {
            Class.forName(name, false, ChildStill.class.getClassLoader()).getDeclaredMethods(); // links it
        }
        System.out.println("loaded");
        Thread.currentThread().join();
    }
}
