package io.daybook.kafka;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A broker to try the bridge with: one node on the loopback, until it is told to stop. Not for anything that must be kept. */
final class DevelopmentBroker {

    private DevelopmentBroker() {
    }

    /** {@code --data DIR [--port N]}. */
    public static void main(String[] args) {
        List<String> given = Arrays.asList(args);
        String data = option(given, "--data", null);
        String port = option(given, "--port", "9092");
        if (data == null || !port.matches("[0-9]{1,5}")) {
            System.err.println("usage: DevelopmentBroker --data DIR [--port N]");
            System.exit(2);
        }
        try (BrokerProcess broker = BrokerProcess.start(Path.of(data), Integer.parseInt(port))) {
            System.out.println("A broker is ready: bootstrap-servers=" + broker.address() + " log=" + broker.log());
            broker.awaitEnd();
            System.out.println("The broker has ended: log=" + broker.log());
        }
    }

    private static String option(List<String> given, String name, String otherwise) {
        int at = given.indexOf(name);
        return at >= 0 && at + 1 < given.size() ? given.get(at + 1) : otherwise;
    }
}
