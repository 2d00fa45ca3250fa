package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {

    private static final int SOME = 100;
    private static final String SAYS = "port=";

    /** Two builds, or two forks of one, run beside each other. */
    @Test
    void anotherJvmTakesOtherPorts() throws Exception {
        Set<Integer> ours = some();
        assertEquals(SOME, ours.size());
        try (ChildJvm other = ChildJvm.start(PortsTest.class)) {
            Set<Integer> theirs = new HashSet<>();
            for (int i = 0; i < SOME; i++) {
                theirs.add(Integer.parseInt(other.lineThatBegins(SAYS).substring(SAYS.length())));
            }
            assertEquals(SOME, theirs.size());
            assertEquals(Set.of(), common(ours, theirs));
            assertEquals(Set.of(), common(some(), theirs));
        }
    }

    /** The other one. */
    public static void main(String[] arguments) throws Exception {
        some().forEach(port -> System.out.println(SAYS + port));
        System.in.read(); // holds its block
    }

    private static Set<Integer> some() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < SOME; i++) {
            ports.add(Ports.free());
        }
        return ports;
    }

    private static Set<Integer> common(Set<Integer> some, Set<Integer> others) {
        Set<Integer> common = new HashSet<>(some);
        common.retainAll(others);
        return common;
    }
}
