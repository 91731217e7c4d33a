package dev.switchgear.ingest.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.ingest.outlet.Backlog.Waiting;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BacklogTest {

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final Backlog backlog = new Backlog(1_000);
  private final Shipment shipment = new Shipment(1);

  @Test
  void takesAllOrNothing_andHasRoomAgainOnceSomeAreTaken() throws Exception {
    Parcel parcel = parcel("first", 500);

    assertThat(backlog.offer(List.of(parcel, parcel), shipment)).isFalse();
    assertThat(backlog.pollNow()).isNull();
    assertThat(backlog.offer(List.of(parcel), shipment)).isTrue();
    assertThat(backlog.offer(List.of(parcel), shipment)).isFalse();
    assertThat(backlog.poll(BOUND)).isNotNull();
    assertThat(backlog.offer(List.of(parcel), shipment)).isTrue();
  }

  @Test
  void givesTheOldestFirst() throws Exception {
    backlog.offer(List.of(parcel("first", 1), parcel("second", 1)), shipment);

    assertThat(key(backlog.poll(BOUND))).isEqualTo("first");
    assertThat(key(backlog.pollNow())).isEqualTo("second");
    assertThat(backlog.poll(Duration.ZERO)).isNull();
  }

  @Test
  void closing_wakesWhoWaitsAndTakesNothingMore() throws Exception {
    Thread closing = new Thread(backlog::close);
    closing.start();

    assertThat(backlog.poll(BOUND.multipliedBy(100))).isNull();
    assertThat(backlog.offer(List.of(parcel("late", 1)), shipment)).isFalse();
  }

  private static String key(@Nullable Waiting waiting) {
    return waiting == null ? "" : waiting.parcel().message().key();
  }

  private static Parcel parcel(String key, int bytes) {
    return new Parcel(new ProducerRecord<>("topic", key, new byte[bytes]));
  }
}
