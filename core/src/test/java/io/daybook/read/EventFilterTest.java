package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.envelope.CommitEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters are exact and case-sensitive; several are or-ed within their kind, and the kinds and-ed. */
class EventFilterTest {

    private static boolean accepts(Filter filter, String entity, String type) {
        CommitEncoder encoder = new CommitEncoder(100);
        encoder.begin();
        byte[] name = WrittenCommits.bytes(entity);
        encoder.add(name, 0, name.length, NewEvent.json("other", "{}"));
        encoder.add(name, 0, name.length, NewEvent.json(type, "{}"));
        return new EventFilter(filter).accepts(encoder.buffer(), encoder.offset(1));
    }

    @ParameterizedTest
    @CsvSource({"account-42, account, true", "account-42, accoun, false", "account-42, account-42, false", "account-42, Account, false",
        "account, account, true", "accounts-1, account, false", "a-b-c, a, true", "a-b-c, a-b, false", "-x, -x, true", "-x-y, -x-y, true",
        "-, -, true", "k\u00e9-1, k\u00e9, true", "k\u00e9-1, k\u00e8, false", "k\u00e9, k, false"})
    void theCategoryIsWhatStandsBeforeTheFirstDash(String entity, String category, boolean expected) {
        assertEquals(expected, accepts(Filter.all().category(category), entity, "T"));
    }

    @Test
    void aTypeIsComparedWhole() {
        assertTrue(accepts(Filter.all().type("Paid"), "a", "Paid"));
        assertFalse(accepts(Filter.all().type("Paid"), "a", "paid"));
        assertFalse(accepts(Filter.all().type("Paid"), "a", "Paid2"));
        assertFalse(accepts(Filter.all().type("Paid"), "a", "Pai"));
        assertFalse(accepts(Filter.all().type("Paid"), "Paid", "T"));
    }

    @Test
    void severalOfAKindAreOrEdAndTheKindsAndEd() {
        Filter filter = Filter.all().category("a").category("b").type("T").type("U");
        for (String entity : new String[] {"a-1", "b", "c-1"}) {
            for (String type : new String[] {"T", "U", "V"}) {
                assertEquals(!entity.startsWith("c") && !type.equals("V"), accepts(filter, entity, type), entity + " " + type);
            }
        }
    }

    @Test
    void withoutAFilterEverythingIsAccepted() {
        assertTrue(accepts(Filter.all(), "a", "T"));
        assertTrue(accepts(Filter.all().category("a"), "a", "T"));
    }

    @Test
    void whatCannotBeANameEqualsNone() {
        assertFalse(accepts(Filter.all().category("\ud83d"), "?-1", "T"));
        assertFalse(accepts(Filter.all().type("\ud83d"), "a", "?"));
    }
}
