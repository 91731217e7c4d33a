package dev.switchgear.console.settings;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every setting but those that are passed through to Kafka's clients. */
public final class SettingCatalogue {

  private static final List<Setting> ALL =
      List.of(
          new Setting(
              Settings.BOOTSTRAP_SERVERS,
              "localhost:9092",
              "Brokers to start with, `host:port,host:port`. Every other `kafka.` key goes to Kafka's"
                  + " clients as it is."),
          new Setting("gateway.host", "127.0.0.1", "Address the OTLP server listens on."),
          new Setting("gateway.port", "4318", "Port of the OTLP server; 0 takes a free one."),
          new Setting(
              "gateway.body-limit-bytes", "4194304", "Largest request body the OTLP server takes."),
          new Setting(
              "detector.application-id",
              "switchgear-detector",
              "Names the group; the same for all detectors of a fleet."),
          new Setting(
              "detector.state-directory",
              "",
              "Where this instance keeps its stores. Empty: under `--data`, else a temporary"
                  + " directory, filled again from Kafka at the next start."),
          new Setting("detector.threads", "2", "Stream threads of this instance."),
          new Setting(
              "detector.policy-file",
              "",
              "Policies (YAML) beneath those on `switchgear.policies`. Empty: none."),
          new Setting(
              "recovery-actions.application-id",
              "switchgear-recovery-actions",
              "Names the group; the same for all recovery-actions of a fleet."),
          new Setting("recovery-actions.state-directory", "", "As `detector.state-directory`."),
          new Setting("recovery-actions.threads", "2", "Stream threads of this instance."),
          new Setting(
              "recovery-actions.release-per-second",
              "50",
              "Parked items released a second and queue, over the whole group, once the breaker"
                  + " admits everything; while it ramps up, its share of that."),
          new Setting(
              "recovery-actions.in-flight-limit",
              "100",
              "Released items of one queue that may be without an outcome."),
          new Setting(
              "recovery-actions.attempts",
              "5",
              "Failed attempts after which an item goes to quarantine."),
          new Setting(
              "demo.rate-per-second",
              "50",
              "Arrivals a second of each kind of request (home page, search, order)."),
          new Setting("demo.instances", "2", "Instances of each service of the shop."),
          new Setting("demo.seed", "1", "Seed of arrival times and customers."));

  private static final Map<String, Setting> BY_KEY =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

  private SettingCatalogue() {}

  /** In the order of the documentation. */
  public static List<Setting> all() {
    return ALL;
  }

  static Map<String, Setting> byKey() {
    return BY_KEY;
  }
}
