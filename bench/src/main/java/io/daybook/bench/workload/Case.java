package io.daybook.bench.workload;

import com.fasterxml.jackson.annotation.JsonValue;
import io.daybook.bench.contender.Durability;
import java.util.Locale;

/**
 * One thing to be measured.
 *
 * @param workload   W1 to W11
 * @param variant    which of the workload's measurements
 * @param contender  who
 * @param durability in which class
 * @param entities   how many entities there are
 * @param keys       how they are picked
 * @param payload    bytes of an event
 * @param rate       operations offered a second, open loop; 0: closed loop
 * @param batch      events of a commit
 * @param inFlight   appends under way at once
 * @param events     how many events there are to begin with, or to be read
 * @param seconds    how long is measured
 */
public record Case(String workload, String variant, String contender, Durability durability, int entities, Keys keys, int payload,
        int rate, int batch, int inFlight, int events, int seconds) {

    /** How entities are picked. */
    public enum Keys {
        /** Each as likely. */
        UNIFORM,
        /** The k-th as likely as 1 / k^0.99. */
        ZIPF;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** W1, closed loop, with 10 thousand entities, 128 bytes, for two seconds: what others are made from. */
    public static Case of(String workload, String variant, String contender, Durability durability) {
        return new Case(workload, variant, contender, durability, 10_000, Keys.UNIFORM, 128, 0, 1, 1, 0, 2);
    }

    /** The same by another contender, in another class. */
    public Case by(String other, Durability otherDurability) {
        return new Case(workload, variant, other, otherDurability, entities, keys, payload, rate, batch, inFlight, events, seconds);
    }

    /** The same with so many entities, picked so. */
    public Case entities(int count, Keys picked) {
        return new Case(workload, variant, contender, durability, count, picked, payload, rate, batch, inFlight, events, seconds);
    }

    /** The same with payloads of this size. */
    public Case payload(int bytes) {
        return new Case(workload, variant, contender, durability, entities, keys, bytes, rate, batch, inFlight, events, seconds);
    }

    /** The same, open loop. */
    public Case rate(int operationsPerSecond) {
        return new Case(workload, variant, contender, durability, entities, keys, payload, operationsPerSecond, batch, inFlight, events,
                seconds);
    }

    /** The same with so many events a commit. */
    public Case batch(int size) {
        return new Case(workload, variant, contender, durability, entities, keys, payload, rate, size, inFlight, events, seconds);
    }

    /** The same with so many appends under way at once. */
    public Case inFlight(int appends) {
        return new Case(workload, variant, contender, durability, entities, keys, payload, rate, batch, appends, events, seconds);
    }

    /** The same with so many events to begin with. */
    public Case events(int count) {
        return new Case(workload, variant, contender, durability, entities, keys, payload, rate, batch, inFlight, count, seconds);
    }

    /** The same for so long. */
    public Case seconds(int duration) {
        return new Case(workload, variant, contender, durability, entities, keys, payload, rate, batch, inFlight, events, duration);
    }

    /** All that makes it what it is, as a name for files. */
    public String key() {
        return String.join("-", workload, variant, contender, durability.name(), entities + keys.toString(), payload + "B", rate + "ps",
                "b" + batch, "f" + inFlight, "n" + events, seconds + "s");
    }
}
