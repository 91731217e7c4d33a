package dev.switchgear.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatPartitionTest {

  @Test
  void detectorsLieApart() {
    int partitions = Topics.HEARTBEATS.partitions();

    assertThat(HeartbeatPartition.of("detector", partitions)).isZero();
    assertThat(HeartbeatPartition.of("guard", partitions)).isEqualTo(1);
    assertThat(HeartbeatPartition.of("gateway", 12)).isEqualTo(1);
  }

  @Test
  void inATopicOfOnePartition_allLieTogether() {
    assertThat(HeartbeatPartition.of("detector", 1)).isZero();
    assertThat(HeartbeatPartition.of("guard", 1)).isZero();
    assertThat(HeartbeatPartition.of("guard", 0)).isZero();
  }
}
