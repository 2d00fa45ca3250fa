package io.daybook.bench.workload;

import java.util.Map;

/** Measures cases of one kind. */
@FunctionalInterface
public interface Workload {

    /** All of them, by {@link Case#variant()}. */
    Map<String, Workload> ALL = Map.ofEntries(
            Map.entry("append", AppendLoop::append),
            Map.entry("batch", AppendLoop::batch),
            Map.entry("refusal", AppendLoop::refusal),
            Map.entry("in-flight", InFlight::measure),
            Map.entry("tail", OpenLoopAppend::measure),
            Map.entry("percentiles", OpenLoopAppend::measure),
            Map.entry("load-curve", OpenLoopAppend::measure),
            Map.entry("soak", OpenLoopAppend::measure),
            Map.entry("load", ReadLoop::load),
            Map.entry("replay", ReadLoop::replay),
            Map.entry("follow", FollowLatency::measure),
            Map.entry("mixed", Mixed::measure),
            Map.entry("open-clean", OpenTime::clean),
            Map.entry("open-killed", OpenTime::killed),
            Map.entry("rebuild", OpenTime::rebuild),
            Map.entry("size", Workload::sized));

    /** Measures one case. */
    Outcome measure(Case measured, Ground ground) throws Exception;

    /** What a workload costs with so many events and entities to begin with. */
    private static Outcome sized(Case measured, Ground ground) throws Exception {
        Workload workload = switch (measured.workload()) {
            case "W1" -> AppendLoop::append;
            case "W5" -> ReadLoop::load;
            case "W9" -> OpenTime::clean;
            default -> throw new IllegalArgumentException("The size is not varied in this workload: workload=" + measured.workload());
        };
        Outcome outcome = workload.measure(measured, ground);
        outcome.metrics().put("events", (double) measured.events());
        return outcome;
    }
}
