package io.daybook;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** Runs Lincheck in a process of its own: its agent changes classes, also the JDK's, and other tests measure what such classes cost. */
public final class ChildLincheck {

    private ChildLincheck() {
    }

    /** Takes groups of four: the class, {@code model} or {@code stress}, iterations, invocations. */
    public static void main(String[] args) throws ClassNotFoundException {
        for (int i = 0; i < args.length; i += 4) {
            int invocations = Integer.parseInt(args[i + 3]);
            Class<?> subject = Class.forName(args[i]);
            long startedNs = System.nanoTime();
            Options<?, ?> options = args[i + 1].equals("model") ? model(invocations)
                : new StressOptions().invocationsPerIteration(invocations);
            try {
                options.threads(3).actorsPerThread(2).actorsBefore(1).actorsAfter(1).iterations(Integer.parseInt(args[i + 2]))
                    .check(subject);
                System.out.println("right " + subject.getSimpleName() + " " + args[i + 1] + " scenarios=" + args[i + 2] + " invocations="
                    + args[i + 3] + " ms=" + (System.nanoTime() - startedNs) / 1_000_000);
            } catch (LincheckAssertionError e) {
                System.out.println("wrong " + subject.getSimpleName() + "\n" + e.getMessage());
                System.exit(1);
            }
        }
        System.exit(0);
    }

    /** Memory outside the heap Lincheck does not see: a call that goes there is one step. */
    private static ModelCheckingOptions model(int invocations) {
        return new ModelCheckingOptions().invocationsPerIteration(invocations).addGuarantee(ManagedStrategyGuaranteeKt.forClasses(
            name -> name.startsWith("org.agrona.")).allMethods().treatAsAtomic());
    }
}
