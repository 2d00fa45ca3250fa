package io.daybook.guarantees;

import io.daybook.ChildJvm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The places of all steps: those that a life under load passes, those that are rare, and those that it cannot come to. */
final class StepPlaces {

    private final Map<Step, List<Place>> all = new EnumMap<>(Step.class);
    private final Set<Place> passed = new HashSet<>();
    private final Set<Place> rare = new HashSet<>();
    private Set<Place> notReached;

    private StepPlaces() {
    }

    /** Finds them in the classes; fails if a step names what is not there any more. */
    static StepPlaces find() throws Exception {
        StepPlaces places = new StepPlaces();
        Object[] classes = Stream.of(Step.values()).flatMap(step -> step.classes().stream()).map(Step::classOf).distinct().toArray();
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.add(Debugger.flag(false));
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), ChildStill.class, classes)) {
            String listening = child.lineThatBegins(Debugger.LISTENING);
            child.lineThatBegins("loaded");
            try (Debugger debugger = Debugger.attach(listening)) {
                for (Step step : Step.values()) {
                    places.all.put(step, new ArrayList<>(debugger.places(step)));
                }
            }
        }
        places.notReached = NotReached.of(places.all());
        return places;
    }

    /** All that there are. */
    List<Place> all() {
        return all.values().stream().flatMap(List::stream).toList();
    }

    /** Some life passed these. What none passed is rare then, but for Chronicle's own lines: they are not ours to explain. */
    void passed(Collection<Place> places) {
        passed.addAll(places);
        rare.clear();
        rare.addAll(all());
        rare.removeIf(place -> place.step().isChronicles() || notReached.contains(place));
        rare.removeAll(passed);
    }

    /** Lines of the step that some life passed. */
    List<Place> passed(Step step) {
        return all.get(step).stream().filter(passed::contains).toList();
    }

    /** Lines that no life passed up to now, nor was halted at. */
    Set<Place> rare() {
        return rare;
    }

    /** Lines that were passed, although they should not be. */
    List<Place> wronglyListed() {
        return passed.stream().filter(notReached::contains).toList();
    }

    @Override
    public String toString() {
        return all().size() + " lines, " + passed.size() + " passed, " + notReached.size() + " not reached by kills";
    }
}
