package dev.switchgear.schemas.embedded;

import java.util.Map;
import java.util.TreeMap;

/**
 * A topic as the cluster describes it.
 *
 * @param settings what was set for this topic, without the broker's defaults
 */
record TopicFacts(int partitions, int replicas, Map<String, String> settings) {

  TopicFacts with(String setting, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.put(setting, value);
    return new TopicFacts(partitions, replicas, more);
  }
}
