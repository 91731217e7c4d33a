package dev.switchgear.schemas;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a consumer hears from Kafka again after a while in which it did not: because of the
 * network, the brokers, a listener, or since the whole process stood still. A broker answers a
 * fetch also where there is nothing new, by default after half a second. For one thread.
 */
final class FetchGaps {

  private static final long GAP_MILLIS = 3_000;

  private final @Nullable Metric answers;
  private double answered;
  private long sinceNanos = System.nanoTime();
  private long sinceMillis = System.currentTimeMillis();

  FetchGaps(KafkaConsumer<?, ?> consumer) {
    this.answers =
        consumer.metrics().values().stream()
            .filter(FetchGaps::countsAnswers)
            .findFirst()
            .orElse(null);
  }

  private static boolean countsAnswers(Metric metric) {
    return metric.metricName().group().equals("consumer-fetch-manager-metrics")
        && metric.metricName().name().equals("fetch-total");
  }

  /** Whether an answer came since this was last asked, and long after the one before. */
  boolean hasOneEnded() {
    double count = answers == null ? 0 : (double) answers.metricValue();
    if (count == answered) {
      return false;
    }
    // The one does not run while a machine sleeps, the other may be set back.
    long nanos = System.nanoTime();
    long millis = System.currentTimeMillis();
    boolean late =
        TimeUnit.NANOSECONDS.toMillis(nanos - sinceNanos) >= GAP_MILLIS
            || millis - sinceMillis >= GAP_MILLIS;
    answered = count;
    sinceNanos = nanos;
    sinceMillis = millis;
    return late;
  }
}
