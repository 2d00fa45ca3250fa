package io.daybook.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Names of entities, all of one length so that every event has the same number of bytes, and ways to pick among them. */
public final class Entities {

    private static final double ZIPF_EXPONENT = 0.99;
    private static final long SPREAD = Integer.MAX_VALUE; // a prime: neighbours in rank are no neighbours in memory

    private Entities() {
    }

    public static String[] names(int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = name(i);
        }
        return names;
    }

    /**
     * Names of these entities, made in the order of their use. So they lie in memory: whoever appends has parsed the name just before and
     * not fetched it from far away, and the measured loop should not pay for that.
     */
    public static String[] namesInOrder(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Entities::name).toArray(String[]::new);
    }

    public static String name(int number) {
        String digits = Integer.toString(number);
        return "account-" + "0000000".substring(digits.length()) + digits;
    }

    /** Each as likely as the other. */
    public static IntSupplier uniform(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return () -> random.nextInt(count);
    }

    /** The k-th as likely as 1 / k^0.99 (J. Gray and others: Quickly Generating Billion-Record Synthetic Databases, 1994). */
    public static IntSupplier zipf(int count, long seed) {
        double sum = 0;
        for (int i = 1; i <= count; i++) {
            sum += Math.pow(i, -ZIPF_EXPONENT);
        }
        double all = sum;
        double firstTwo = 1 + Math.pow(2, -ZIPF_EXPONENT);
        double eta = (1 - Math.pow(2.0 / count, 1 - ZIPF_EXPONENT)) / (1 - firstTwo / all);
        SplittableRandom random = new SplittableRandom(seed);
        return () -> {
            double u = random.nextDouble();
            double rank = u * all < 1 ? 0 : u * all < firstTwo ? 1 : count * Math.pow(eta * u - eta + 1, 1 / (1 - ZIPF_EXPONENT));
            return (int) (Math.min((long) rank, count - 1) * SPREAD % count);
        };
    }
}
