package io.daybook.cli;

import io.daybook.Commit;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Consecutive rows that become one commit. A row that cannot be part of one is refused with its line and column. */
final class CommitDraft {

    static final String DEFAULT_TYPE = "Imported";

    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final Columns columns;
    private final Commit commit = Commit.create();
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Counted> counted = new HashMap<>();
    private long bytes;
    private long timeNs;
    private long timesRaised;

    /** The first row of an entity in this commit, the number of events that the entity had before it, and its rows until now. */
    private record Counted(Row first, long before, long rows) {
    }

    /** An empty commit that is not to be older than {@code newestNs}. */
    CommitDraft(Columns columns, long newestNs) {
        this.columns = columns;
        this.timeNs = newestNs;
    }

    /** True if this row is to be in the same commit as those before it. */
    boolean takes(Row row) {
        return rows.isEmpty() || columns.has(Role.COMMIT) && rows.get(0).value(Role.COMMIT).equals(row.value(Role.COMMIT));
    }

    /** Adds a row. */
    void add(Row row, String sum, Provenance source) {
        String entity = name(row, Role.ENTITY, StoreSettings.MAX_ENTITY_BYTES);
        String type = columns.has(Role.TYPE) ? name(row, Role.TYPE, StoreSettings.MAX_TYPE_BYTES) : DEFAULT_TYPE;
        if (columns.has(Role.TIME)) addTime(row);
        if (columns.has(Role.EXPECTED_COUNT)) addCount(row, entity);
        bytes += row.payload().length;
        if (rows.size() == StoreSettings.MAX_COMMIT_EVENTS || bytes > StoreSettings.MAX_COMMIT_BYTES) {
            String column = columns.has(Role.COMMIT) ? columns.name(Role.COMMIT) : columns.name(Role.ENTITY);
            throw new MalformedRowException(row.line(), column, "the commit is larger than any can be: rows=" + (rows.size() + 1)
                + " bytes=" + bytes);
        }
        rows.add(row);
        commit.append(entity, new NewEvent(id(row, sum, source), type, 0, source.metadata(row.number(), "sum", sum), row.payload()));
    }

    /** The commit with its conditions. */
    Commit commit() {
        return commit;
    }

    int size() {
        return rows.size();
    }

    /** When it happened: never earlier than what was before it. */
    long timeNs() {
        return timeNs;
    }

    /** How many of its rows were earlier than one before them. */
    long timesRaised() {
        return timesRaised;
    }

    long firstLine() {
        return rows.get(0).line();
    }

    long lastLine() {
        return rows.get(rows.size() - 1).line();
    }

    /** The line of the first row of this entity. */
    long lineOf(String entity) {
        return rows.stream().filter(row -> row.value(Role.ENTITY).equals(entity)).findFirst().map(Row::line).orElse(firstLine());
    }

    /** The line of the row with this id. */
    long lineOf(UUID id) {
        for (int i = 0; i < rows.size(); i++) {
            if (commit.entries().get(i).event().id().equals(id)) return rows.get(i).line();
        }
        return firstLine();
    }

    private String name(Row row, Role role, int maxBytes) {
        String name = row.value(role);
        String problem = Names.problem(name, maxBytes);
        if (problem != null) throw malformed(row, role, problem);
        return name;
    }

    private void addTime(Row row) {
        try {
            long rowNs = Times.parseNs(row.value(Role.TIME));
            if (rowNs < timeNs) timesRaised++;
            timeNs = Math.max(timeNs, rowNs);
        } catch (IllegalArgumentException e) {
            throw malformed(row, Role.TIME, e.getMessage());
        }
    }

    private void addCount(Row row, String entity) {
        long before;
        try {
            before = Long.parseLong(row.value(Role.EXPECTED_COUNT));
        } catch (NumberFormatException e) {
            throw malformed(row, Role.EXPECTED_COUNT, "not a whole number");
        }
        if (before < 0) throw malformed(row, Role.EXPECTED_COUNT, "negative");
        Counted known = counted.get(entity);
        if (known == null) {
            commit.expect(entity, before == 0 ? Expected.absent() : Expected.exactly(before - 1));
            counted.put(entity, new Counted(row, before, 1));
        } else {
            long next = known.before + known.rows;
            if (before != next) {
                throw malformed(row, Role.EXPECTED_COUNT, "does not count on from line " + known.first.line()
                    + " of the same commit: next=" + next);
            }
            counted.put(entity, new Counted(known.first, known.before, known.rows + 1));
        }
    }

    private UUID id(Row row, String sum, Provenance source) {
        if (!columns.has(Role.ID)) return named(source.fingerprint() + ":" + row.number() + ":" + sum);
        String text = row.value(Role.ID);
        if (text.isEmpty()) throw malformed(row, Role.ID, "it is empty");
        return UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : named(text);
    }

    private static UUID named(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private MalformedRowException malformed(Row row, Role role, String problem) {
        return MalformedRowException.ofValue(row.line(), columns.name(role), row.value(role), problem);
    }
}
