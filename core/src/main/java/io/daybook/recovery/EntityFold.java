package io.daybook.recovery;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.envelope.CommitView;
import io.daybook.envelope.EventDescriptor;
import io.daybook.envelope.SkipRule;
import io.daybook.index.EntityHash;
import io.daybook.index.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Folds a journal into heads in the plainest way, by the full name, so that index and pointers can be compared with it. Costs about 200
 * bytes of heap an entity. One thread.
 */
final class EntityFold {

    private final EntityHash hash;
    private final Map<String, long[]> heads = new HashMap<>();
    private Map<List<Long>, long[]> byHash;
    private long events;

    EntityFold(EntityHash hash) {
        this.hash = hash;
    }

    /** Adds a commit whose sums are right; answers what is wrong with its versions and pointers. */
    List<String> apply(CommitView commit, long dataAddress) {
        List<String> wrong = new ArrayList<>(0);
        DirectBuffer buffer = commit.buffer();
        int offset = commit.firstEventOffset();
        for (int i = 0; i < commit.events(); i++) {
            String name = buffer.getStringWithoutLengthUtf8(offset + EventDescriptor.HEADER_LENGTH,
                    EventDescriptor.nameLength(buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER)));
            long[] head = heads.computeIfAbsent(name, n -> new long[Head.WORDS]);
            long version = EventDescriptor.version(buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER));
            long expected = Head.version(head, 0) + 1;
            if (version != expected) {
                wrong.add("Versions are not dense: entity=" + name + " expected=" + expected + " found=" + version);
            }
            if (buffer.getLong(offset + EventDescriptor.PREVIOUS_OFFSET, ORDER) != Head.newest(head, 0)) {
                wrong.add("The pointer to the previous event is wrong: entity=" + name + " version=" + version);
            }
            long skip = expected == 0 ? 0 : Head.level(head, 0, SkipRule.level(expected));
            if (buffer.getLong(offset + EventDescriptor.SKIP_OFFSET, ORDER) != skip) {
                wrong.add("The pointer to an older event is wrong: entity=" + name + " version=" + version);
            }
            Head.add(head, 0, dataAddress + (offset - commit.offset()));
            events++;
            offset += buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
        return wrong;
    }

    /** True if the index has the right head here. */
    boolean isHead(long[] found, int at) {
        if (byHash == null) {
            byHash = new HashMap<>();
            heads.forEach((name, head) -> {
                byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                hash.hash(bytes, 0, bytes.length, head, 0);
                byHash.put(List.of(head[0], head[1]), head);
            });
        }
        long[] head = byHash.get(List.of(found[at], found[at + 1]));
        boolean same = head != null && Head.version(head, 0) == Head.version(found, at) && Head.newest(head, 0) == Head.newest(found, at);
        for (int level = 0; same && level < SkipRule.LEVELS; level++) {
            same = Head.level(head, 0, level) == Head.level(found, at, level);
        }
        return same;
    }

    long events() {
        return events;
    }

    long entities() {
        return heads.size();
    }
}
