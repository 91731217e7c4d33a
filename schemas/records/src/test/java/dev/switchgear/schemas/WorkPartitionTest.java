package dev.switchgear.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkPartitionTest {

  /** From another implementation of murmur2: a change would tear the order of every parked key. */
  @ParameterizedTest
  @CsvSource({
    "orders, customer-1,     0,  8, 440",
    "orders, customer-2,     3,  3, 395",
    "emails, customer-1,     0,  0, 188",
    "orders, '',             0,  8, 960",
    "orders, Zoë 🚂,         3,  7, 699",
    "or,     derscustomer-1, 2,  2, 886",
  })
  void aKeyKeepsItsPartitionForGood(
      String queue, String workKey, int ofFour, int ofTwelve, int ofThousand) {
    assertThat(WorkPartition.of(queue, workKey, 4)).isEqualTo(ofFour);
    assertThat(WorkPartition.of(queue, workKey, 12)).isEqualTo(ofTwelve);
    assertThat(WorkPartition.of(queue, workKey, 1000)).isEqualTo(ofThousand);
  }

  @Property
  void itIsWhereKafkaWouldPutTheKeyMadeOfBoth(
      @ForAll String queue, @ForAll String workKey, @ForAll @IntRange(min = 1, max = 1000) int n) {
    byte[] key = (queue + '\0' + workKey).getBytes(StandardCharsets.UTF_8);
    assertThat(WorkPartition.of(queue, workKey, n))
        .isEqualTo(BuiltInPartitioner.partitionForKey(key, n))
        .isBetween(0, n - 1);
  }
}
