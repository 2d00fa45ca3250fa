package io.daybook.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RunCommandTest {

    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new RunCommand()).setErr(new PrintWriter(errors)).execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--entities=7", "--class=DV"})
    void aRunOfNothingIsMisuse(String option) {
        assertEquals(2, run("W1", "--contenders", "daybook", option));
        assertTrue(errors.toString().contains("There is nothing to measure"), errors::toString);
        assertTrue(errors.toString().contains("entities=["), errors::toString);
    }
}
