package io.daybook.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The arguments of a program: {@code --name value}, and {@code --json} without a value. */
final class Arguments {

    private static final String JSON = "--json";

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Thrown for arguments that are not understood; the message is for the user. */
    static final class MisuseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MisuseException(String message) {
            super(message);
        }
    }

    /** Takes these arguments; others than the known names are refused. */
    static Arguments of(String[] args, String usage, String... known) {
        Arguments arguments = new Arguments();
        for (int i = 0; i < args.length; i++) {
            boolean flag = args[i].equals(JSON);
            if (!Arrays.asList(known).contains(args[i]) || !flag && i + 1 == args.length) {
                throw new MisuseException("usage: " + usage);
            }
            arguments.values.put(args[i], flag ? "true" : args[++i]);
        }
        return arguments;
    }

    boolean json() {
        return values.containsKey(JSON);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        try {
            int number = Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new MisuseException("A number is wanted: " + name + "=" + values.get(name));
        }
        throw new MisuseException("A number above 0 is wanted: " + name + "=" + values.get(name));
    }
}
