package io.daybook.kafka;

import io.daybook.DaybookException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Says which setting to look at where Kafka's own words do not. The first advice that fits any of the causes is given, so narrow ones come
 * first.
 */
enum Explanation {
    /** Nothing comes about over TLS. */
    TLS("TLS does not come about, see security.protocol, ssl.truststore.* and ssl.keystore.*",
            List.of(SslAuthenticationException.class, GeneralSecurityException.class, FileSystemException.class)),
    /** Kafka refuses whom we say to be. */
    USER("Kafka does not accept the user, see sasl.mechanism and sasl.jaas.config", List.of(AuthenticationException.class)),
    /** Kafka refuses what we want. */
    RIGHT("A right (ACL) is missing: a mirror needs Describe, DescribeConfigs, Read and Write on its topics, Describe and Write on its"
            + " transactional id; who reads needs Describe and Read", List.of(AuthorizationException.class)),
    /** The broker has a limit of its own. */
    TRANSACTION_TIMEOUT("A transaction may take longer than the brokers allow, see transaction.max.timeout.ms there",
            List.of(InvalidTxnTimeoutException.class)),
    /** The topic was changed under the mirror: at the start it is compared. */
    TOO_LARGE("An event is larger than Kafka takes by now, see max.message.bytes of the topic and message.max.bytes of the brokers",
            List.of(RecordTooLargeException.class)),
    /** Some may be about to come. */
    REPLICAS("Fewer brokers are there than a topic should have replicas, see createTopics (--replication-factor)",
            List.of(InvalidReplicationFactorException.class)),
    /** It cannot be, or names a server that nobody has. */
    PROPERTY("Kafka's client does not take a property", List.of(ConfigException.class, InvalidConfigurationException.class)),
    /** Kafka's client cannot read the login module. */
    LOGIN("Kafka's client cannot begin with these properties, see sasl.mechanism and sasl.jaas.config",
            List.of(IllegalArgumentException.class));

    private final String advice;
    private final List<Class<? extends Throwable>> causes;

    Explanation(String advice, List<Class<? extends Throwable>> causes) {
        this.advice = advice;
        this.causes = causes;
    }

    /** The problem in our words, with Kafka's behind them; itself if it is ours, or there is nothing to add. */
    static Throwable of(Throwable problem, BridgeSettings settings) {
        if (problem instanceof DaybookException) {
            return problem;
        }
        if (problem instanceof TimeoutException) {
            return explained("Kafka does not answer in time", problem, settings);
        }
        Explanation found = Stream.of(values()).filter(each -> each.fits(problem)).findFirst().orElse(null);
        if (found == null) {
            return problem;
        }
        BridgeException explained = explained(found.advice, problem, settings);
        // What cannot be read is quoted there, and may be a secret: not even a stack trace should tell it.
        return found == LOGIN ? new BridgeException(explained.getMessage()) : explained;
    }

    private boolean fits(Throwable problem) {
        // One that no client of Kafka's has wrapped is a fault of the program, as in Fault.
        Throwable first = this == LOGIN ? problem.getCause() : problem;
        for (Throwable cause = first; cause != null; cause = cause.getCause()) {
            Throwable now = cause;
            if (causes.stream().anyMatch(each -> each.isInstance(now)) || this == TRANSACTION_TIMEOUT && Fault.isTransactionTimeout(now)) {
                return true;
            }
        }
        return false;
    }

    private static BridgeException explained(String advice, Throwable problem, BridgeSettings settings) {
        return new BridgeException(advice + ": " + settings.whereAndHow() + " topic=" + settings.topic() + " transactionTimeout="
                + settings.transactionTimeout() + " problem=" + words(problem), problem);
    }

    /** What each cause says, once. Not an IllegalArgumentException: Kafka's reading of sasl.jaas.config quotes it in one. */
    private static String words(Throwable problem) {
        Set<String> words = new LinkedHashSet<>();
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            boolean repeats = cause.getCause() != null && cause.getCause().toString().equals(cause.getMessage());
            if (cause.getMessage() != null && !repeats && !(cause instanceof IllegalArgumentException)) {
                words.add(cause.getMessage());
            }
        }
        return String.join("; ", words);
    }
}
