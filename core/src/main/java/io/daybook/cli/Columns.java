package io.daybook.cli;

import java.util.EnumMap;
import java.util.Map;

/** Which column plays which role. Without {@link Role#ENTITY} there is no import; all others may be missing. */
final class Columns {

    private final Map<Role, String> names = new EnumMap<>(Role.class);

    /** Gives the role to the column of this name; null: to none. */
    Columns with(Role role, String name) {
        if (name != null) names.put(role, name);
        return this;
    }

    boolean has(Role role) {
        return names.containsKey(role);
    }

    /** Name of the column that plays this role; null: none does. */
    String name(Role role) {
        return names.get(role);
    }

    /** The same text for columns that make the same events, and another one for others. A check makes no other events. */
    String meaning() {
        Map<Role, String> making = new EnumMap<>(names);
        making.remove(Role.EXPECTED_COUNT);
        return making.toString();
    }
}
