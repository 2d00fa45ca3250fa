package io.daybook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeNamesTest {

    private static final Set<String> KNOWN = Set.of("SCQStore", "a.B$C");

    @ParameterizedTest
    @CsvSource({"no type at all,true", "'',true", "header: !SCQStore { a: 1 },true", "!a.B$C{},true", "x: !type a.B$C,true",
        "x: !type    SCQStore,true", "!SCQStore2 {},false", "x: !type a.B,false", "!type,false", "!,false", "! SCQStore,false",
        "!SCQStore { y: !java.io.File {} },false", "!!SCQStore,false", "!<SCQStore>,false", "'!\"SCQStore\"',false", "!a/B$C,false"})
    void onlyKnownTypesMayBeNamed(String description, boolean known) {
        assertEquals(known, TypeNames.areAmong(KNOWN, description));
    }
}
