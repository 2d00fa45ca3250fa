package io.daybook.append;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a commit's entities, while it is filled in. Most commits name their entities in one order, for conditions as for events:
 * then the number that is looked for is the last one or the next, and no map is made. One thread at a time; used again.
 */
final class EntityNumbers {

    private final List<String> names = new ArrayList<>();
    private Map<String, Integer> numbers; // null: nobody was looked for elsewhere
    private int last = -1;

    /** Gives the next number to an entity that has none. */
    void add(String name) {
        if (numbers != null) {
            numbers.put(name, names.size());
        }
        names.add(name);
    }

    /** The number of an entity; -1 if it has none. */
    int find(String name) {
        if (!isAt(last, name)) {
            last = isAt(last + 1, name) ? last + 1 : findElsewhere(name);
        }
        return last;
    }

    private boolean isAt(int number, String name) {
        return number >= 0 && number < names.size() && names.get(number).equals(name);
    }

    private int findElsewhere(String name) {
        if (numbers == null) {
            numbers = new HashMap<>();
            for (String each : names) {
                numbers.put(each, numbers.size());
            }
        }
        return numbers.getOrDefault(name, -1);
    }

    /** Forgets all: names are not held longer than needed. */
    void clear() {
        names.clear();
        numbers = null;
        last = -1;
    }
}
