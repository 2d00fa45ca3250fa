package io.daybook.bench;

import java.util.Arrays;

/** Where {@code java -jar benchmarks.jar} begins: the programs of this module by name, JMH for everything else. */
public final class Main {

    private Main() {
    }

    /** Runs {@code first-look}, {@code scale}, {@code garbage}, {@code following}, {@code forced}, or JMH with the given arguments. */
    public static void main(String[] args) throws Exception {
        String program = args.length == 0 ? "" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        try {
            switch (program) {
                case "first-look" -> FirstLook.main(rest);
                case "scale" -> Scale.main(rest);
                case "garbage" -> Garbage.main(rest);
                case "following" -> Following.main(rest);
                case "forced" -> Forced.main(rest);
                case Takeover.WRITER -> Takeover.writer(rest);
                default -> jmh(args);
            }
        } catch (Arguments.MisuseException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void jmh(String[] args) throws Exception {
        try (WarmFrames frames = WarmFrames.hold()) {
            System.err.println("page frames: " + frames);
            org.openjdk.jmh.Main.main(ForkFlags.addedTo(args));
        }
    }
}
