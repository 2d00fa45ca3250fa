package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntityNumbersTest {

    private final EntityNumbers numbers = new EntityNumbers();

    private int numberOf(List<String> model, String name) {
        int number = numbers.find(name);
        if (number < 0) {
            numbers.add(name);
            model.add(name);
        }
        return number;
    }

    @Test
    void nobodyHasANumberAtFirst() {
        assertEquals(-1, numbers.find("a"));
        numbers.add("a");
        assertEquals(0, numbers.find("a"));
        numbers.clear();
        assertEquals(-1, numbers.find("a"));
    }

    @Test
    void anOrderThatIsKeptIsFollowed() {
        for (String name : List.of("a", "b", "c")) {
            numbers.add(name);
        }
        for (int round = 0; round < 2; round++) {
            assertEquals(0, numbers.find("a"));
            assertEquals(0, numbers.find(new String("a")), "its characters count");
            assertEquals(1, numbers.find("b"));
            assertEquals(2, numbers.find("c"));
        }
    }

    @Test
    void anyOrderIsRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<String> model = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                String name = "entity-" + model.size();
                numbers.add(name);
                model.add(name);
            }
            for (int i = 0; i < 20; i++) {
                String name = "entity-" + random.nextInt(6);
                assertEquals(model.indexOf(name), numberOf(model, name), "seed=" + seed + " name=" + name + " model=" + model);
            }
            numbers.clear();
        }
    }
}
