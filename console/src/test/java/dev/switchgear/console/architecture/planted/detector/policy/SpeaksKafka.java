package dev.switchgear.console.architecture.planted.detector.policy;

import org.apache.kafka.common.TopicPartition;

public final class SpeaksKafka {

  private SpeaksKafka() {}

  public static TopicPartition topic() {
    return new TopicPartition("policies", 0);
  }
}
