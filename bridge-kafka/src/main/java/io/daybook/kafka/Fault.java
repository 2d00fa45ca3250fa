package io.daybook.kafka;

import io.daybook.DaybookException;
import io.daybook.StoreClosedException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What follows from something that went wrong. */
enum Fault {
    /** The store was closed: there is nothing to mirror any more. */
    CLOSED,
    /** Another producer has this transactional id, or the broker gave up the transaction. */
    FENCED,
    /** Waiting cannot mend it. */
    FINAL,
    /** Waiting may mend it. */
    PASSING;

    /**
     * What follows from this, whose causes are looked at as well: Kafka's clients wrap what a broker answered.
     *
     * @param mirrored it has mirrored before: then its settings are right, and what a name or a file lacks now it will have again
     */
    static Fault of(Throwable problem, boolean mirrored) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreClosedException) {
                return CLOSED;
            }
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return FENCED;
            }
            if (isFinal(cause)) {
                return FINAL;
            }
            if (isSetting(cause) || cause instanceof IllegalArgumentException && cause != problem) {
                return mirrored ? PASSING : FINAL;
            }
        }
        return problem instanceof KafkaException ? PASSING : FINAL;
    }

    /** A name that no server has, a property that cannot be, or a file of keys that is not there or cannot be read. */
    private static boolean isSetting(Throwable cause) {
        if (cause instanceof InvalidReplicationFactorException) {
            return false; // brokers may be about to come
        }
        return cause instanceof ConfigException || cause instanceof InvalidConfigurationException
                || cause instanceof FileSystemException || cause instanceof GeneralSecurityException;
    }

    /** The broker allows less. Kafka's producer tells so in words only. */
    static boolean isTransactionTimeout(Throwable cause) {
        return cause instanceof InvalidTxnTimeoutException
                || cause instanceof KafkaException && String.valueOf(cause.getMessage()).contains("transaction.max.timeout.ms");
    }

    private static boolean isFinal(Throwable cause) {
        return cause instanceof DaybookException || cause instanceof AuthenticationException || cause instanceof AuthorizationException
                || cause instanceof UnsupportedVersionException || cause instanceof RecordTooLargeException
                || isTransactionTimeout(cause)
                || cause instanceof InvalidTopicException || cause instanceof PolicyViolationException;
    }
}
