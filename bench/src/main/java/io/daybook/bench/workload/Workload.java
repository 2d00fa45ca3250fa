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
            Map.entry("load-curve", OpenLoopAppend::measure),
            Map.entry("soak", OpenLoopAppend::measure),
            Map.entry("load", ReadLoop::load),
            Map.entry("replay", ReadLoop::replay),
            Map.entry("follow", FollowLatency::measure),
            Map.entry("mixed", Mixed::measure),
            Map.entry("open-clean", OpenTime::clean),
            Map.entry("open-killed", OpenTime::killed),
            Map.entry("rebuild", OpenTime::rebuild),
            Map.entry("size-append", AppendLoop::append),
            Map.entry("size-load", ReadLoop::load));

    /** Measures one case. */
    Outcome measure(Case measured, Ground ground) throws Exception;
}
