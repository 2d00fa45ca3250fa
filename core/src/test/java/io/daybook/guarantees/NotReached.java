package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lines of the named steps that no owner comes to which appends, follows and is killed, and why. Told by what stands in the source:
 * what only makes or handles an exception, and what is listed here.
 */
final class NotReached {

    private static final String PRODUCT = "io.daybook.";
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Class and method, then how the line begins, then the reason. */
    private static final List<List<String>> LISTED = List.of(
        List.of("append.AppendPath.judge", "return Outcome.REFUSED;", "the children's conditions hold and they repeat nothing"),
        List.of("append.AppendPath.appendInSteps", "requireRepeat(commit);", "the same"),
        List.of("append.AppendPath.judge", "return Outcome.LOOK_AGAIN;", "their entities fit into memory: no head is dropped meanwhile"),
        List.of("index.EntityIndex.flush", "flush(() -> { });", "a clean close, or an open with more to replay than memory holds"),
        List.of("index.IndexDisk.write", "return;", "the index is doubted only after a failure"),
        List.of("index.WatermarkFile.write", "mapping.force();", "a clean close"),
        List.of("subscribe.Checkpoint.close", "return;", "the children close once"),
        List.of("recovery.OwnedJournal.recover", "beginEpoch(tail.position());", "the machine did not stop"),
        List.of("recovery.TornTail.cut", "cut = new RecoveryReport.Cut(", "the machine did not stop"));

    private final Map<String, List<String>> sources = new HashMap<>();
    private final Set<List<String>> met = new HashSet<>();

    private NotReached() {
    }

    /** Those of these places. Fails if something is listed that is not in the source any more. */
    static Set<Place> of(Iterable<Place> places) throws IOException {
        NotReached notReached = new NotReached();
        Set<Place> found = new HashSet<>();
        for (Place place : places) {
            if (place.className().startsWith(PRODUCT) && (notReached.isListed(place) | notReached.isOfAnException(place))) {
                found.add(place);
            }
        }
        assertEquals(Set.copyOf(LISTED), notReached.met, "what is listed as not reached is in no named method any more");
        return found;
    }

    private List<String> source(Place place) throws IOException {
        List<String> lines = sources.get(place.className());
        if (lines == null) {
            lines = Files.readAllLines(SOURCES.resolve(place.className().replace('.', '/') + ".java"));
            sources.put(place.className(), lines);
        }
        return lines;
    }

    private boolean isListed(Place place) throws IOException {
        String line = source(place).get(place.line() - 1).strip();
        List<List<String>> matching = LISTED.stream().filter(entry -> (place.className() + "." + place.method()).equals(
            PRODUCT + entry.get(0))
            && line.startsWith(entry.get(1))).toList();
        met.addAll(matching);
        return !matching.isEmpty();
    }

    private boolean isOfAnException(Place place) throws IOException {
        List<String> lines = source(place);
        return isInThrow(lines, place.line() - 1) || isInCatch(lines, place.line() - 1);
    }

    private static boolean isInThrow(List<String> lines, int at) {
        int begin = at;
        while (begin > 0 && !lines.get(begin - 1).matches(".*[;{}]( *//.*)?")) {
            begin--;
        }
        return lines.get(begin).strip().startsWith("throw ");
    }

    private static boolean isInCatch(List<String> lines, int at) {
        int depth = indent(lines.get(at)) + 1;
        for (int i = at; i >= 0; i--) {
            String line = lines.get(i);
            if (indent(line) < depth && (i == at || line.endsWith("{"))) {
                depth = indent(line);
                if (line.strip().startsWith("} catch (")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int indent(String line) {
        return line.isBlank() ? Integer.MAX_VALUE : line.length() - line.stripLeading().length();
    }
}
