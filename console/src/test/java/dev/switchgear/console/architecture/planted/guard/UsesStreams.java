package dev.switchgear.console.architecture.planted.guard;

import org.apache.kafka.streams.KeyValue;

public final class UsesStreams {

  private UsesStreams() {}

  public static KeyValue<String, String> pair() {
    return KeyValue.pair("a", "b");
  }
}
