package io.daybook;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Which events of the journal are wanted: exact and case-sensitive; several categories, and several types, are or-ed; categories and types
 * are and-ed. Immutable.
 *
 * @param categories wanted categories; empty: all
 * @param types      wanted types; empty: all
 */
public record Filter(Set<String> categories, Set<String> types) {

    private static final Filter ALL = new Filter(Set.of(), Set.of());

    /** Keeps copies of the sets. */
    public Filter {
        categories = Set.copyOf(categories);
        types = Set.copyOf(types);
    }

    /** Every event. */
    public static Filter all() {
        return ALL;
    }

    /** This filter, and the category is this one or one named before. */
    public Filter category(String category) {
        return new Filter(with(categories, category), types);
    }

    /** This filter, and the type is this one or one named before. */
    public Filter type(String type) {
        return new Filter(categories, with(types, type));
    }

    /** The part of an entity's name before its first {@code -}; a name without one, or starting with one, is its own category. */
    public static String categoryOf(String entity) {
        int dash = entity.indexOf('-');
        return dash <= 0 ? entity : entity.substring(0, dash);
    }

    private static Set<String> with(Set<String> set, String one) {
        Set<String> more = new LinkedHashSet<>(set);
        more.add(Objects.requireNonNull(one, "A filter's category or type is null"));
        return more;
    }
}
