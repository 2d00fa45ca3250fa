package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientsTest {

    private static BridgeSettings settings() {
        return BridgeSettings.create("127.0.0.1:9092", "ledger");
    }

    /** Else a slow network would have large transactions given up, and sent again, for ever. */
    @Test
    void aRecordMayWaitForAsLongAsItsTransactionMayTake() {
        assertEquals(60_000, new Clients(settings()).deliveryMs());
        assertEquals(300_000, new Clients(settings().transactionTimeout(Duration.ofMinutes(5))).deliveryMs());
        assertEquals(30_000, new Clients(settings().transactionTimeout(Duration.ofSeconds(5))).deliveryMs(), "a request takes 10 s");
        assertEquals(45_000, new Clients(settings().property("delivery.timeout.ms", "45000")).deliveryMs(), "whoever says so");
    }
}
