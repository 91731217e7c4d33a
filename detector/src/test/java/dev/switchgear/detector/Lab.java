package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;

import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.streams.DeserializationDeadLetters;
import dev.switchgear.schemas.streams.ProcessingDeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology without Kafka, with a clock that the test moves. */
final class Lab implements AutoCloseable {

  static final long START = 1_780_000_000_000L;

  final TopologyTestDriver driver;
  final List<BreakerState> states = new ArrayList<>();
  final List<BreakerTransition> transitions = new ArrayList<>();
  final List<SymptomState> symptoms = new ArrayList<>();
  long now = START;
  boolean ticksAreLost;

  /** Whether spans and observations come as Bundling gives them when it has read several. */
  boolean bundles;

  int ticksAsked;
  private final RunningPolicies policies;
  private final PublishedSymptoms everywhere = new PublishedSymptoms();
  private final Records records = Records.builtInOnly();
  private final Lifesigns lifesigns = new Lifesigns();
  private final Ticks ticker = new Ticks();
  private final TestInputTopic<String, Tick> ticks;
  private final TestInputTopic<String, Observation> observations;
  private final TestInputTopic<String, OperatorCommand> commands;
  private final TestInputTopic<String, Span> spans;
  private final TestInputTopic<String, MetricPoint> metrics;
  private final TestInputTopic<String, Policy> policyTopic;
  private final TestOutputTopic<String, BreakerState> stateTopic;
  private final TestOutputTopic<String, BreakerTransition> transitionTopic;
  private final TestOutputTopic<String, SymptomState> symptomTopic;
  private final TestOutputTopic<byte[], byte[]> deadLetters;
  private long sequence;
  private long offset;

  Lab() {
    this(List.of());
  }

  Lab(List<WrittenPolicy> file, BreakerState... published) {
    policies = new RunningPolicies(file);
    PublishedStates known = new PublishedStates();
    for (BreakerState state : published) {
      var record = new ConsumerRecord<>("", 0, 0, state.getBreaker(), new byte[0]);
      known.onRecord(record, state);
    }
    driver =
        new TopologyTestDriver(
            DetectorTopology.of(
                records,
                new FleetView(policies, known, everywhere, lifesigns),
                Levels.topicOf("lab", 1),
                ticker),
            config(),
            Instant.ofEpochMilli(now));
    ticks = input(ticker.topic());
    observations = input(Topics.OBSERVATIONS);
    commands = input(Topics.COMMANDS);
    spans = input(Topics.SPANS);
    metrics = input(Topics.METRICS);
    policyTopic = input(Topics.POLICIES);
    stateTopic = output(Topics.BREAKER_STATE);
    transitionTopic = output(Topics.BREAKER_TRANSITIONS);
    symptomTopic = output(Topics.SYMPTOMS);
    deadLetters =
        driver.createOutputTopic(
            Topics.DEAD_LETTERS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "lab");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeserializationDeadLetters.class);
    config.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingDeadLetters.class);
    return config;
  }

  void pass(Duration time) {
    now += time.toMillis();
    driver.advanceWallClockTime(time);
    ticksAsked += ticker.wanted.size();
    if (!ticksAreLost) {
      ticker.wanted.forEach(tick -> ticks.pipeInput("", tick));
    }
    ticker.wanted.clear();
    read();
  }

  /** Lets time pass as it does: timers look every 100 ms. */
  void wait(Duration time) {
    for (long passed = 0; passed < time.toMillis(); passed += 100) {
      pass(Duration.ofMillis(100));
    }
  }

  void observe(Observation observation) {
    observe(observation.getBreaker(), observation);
  }

  void observe(@Nullable String key, Observation observation) {
    if (bundles) {
      bundle(Topics.OBSERVATIONS, key, observation);
    } else {
      observations.pipeInput(new TestRecord<>(key, observation));
    }
    read();
  }

  /** Lets a quarter of a second pass with as many good calls, of today's epoch. */
  void good(long calls) {
    pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
    observe(Observations.good(calls, epoch(), ++sequence, now).build());
  }

  /** Lets a quarter of a second pass with as many failed calls, of today's epoch. */
  void bad(long calls) {
    pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
    observe(Observations.bad(calls, epoch(), ++sequence, now).build());
  }

  /** Lets a quarter of a second pass with as many calls, some of them failed. */
  void mixed(long calls, long failed) {
    pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
    Map<String, Long> errors = Map.of("IOException", failed);
    observe(Observations.good(calls, epoch(), ++sequence, now).setErrors(errors).build());
  }

  /** An open breaker. */
  Lab open() {
    for (int i = 0; i < 8 && state() != State.OPEN; i++) {
      bad(25);
    }
    return this;
  }

  /** What the topic of policies holds now for a pattern; empty: that it holds nothing. */
  void policy(String pattern, long version, String document) {
    policies(policyOf(pattern, version, document));
  }

  static Policy policyOf(String pattern, long version, String document) {
    return new Policy(pattern, version, document, "ana", "a drill", START);
  }

  /** All of them are read at once, by the follower and by the desk. */
  void policies(Policy... records) {
    for (Policy each : records) {
      policies.onRecord(policyRecord(each.getPattern()), each);
    }
    policies.onBatch();
    for (Policy each : records) {
      policyTopic.pipeInput(each.getPattern(), each);
    }
  }

  /** A tombstone. */
  void noPolicy(String pattern) {
    policies.onRecord(policyRecord(pattern), null);
    policies.onBatch();
    bytes(Topics.POLICIES, pattern, null);
  }

  private static ConsumerRecord<String, byte[]> policyRecord(String pattern) {
    return new ConsumerRecord<>(Topics.POLICIES.name(), 0, 0, pattern, new byte[0]);
  }

  OperatorCommand.Builder command(CommandKind kind, long untilMillis) {
    return OperatorCommand.newBuilder()
        .setId("c")
        .setBreaker(Observations.BREAKER)
        .setKind(kind)
        .setWho("ana")
        .setWhy("a drill")
        .setIssuedAtMillis(now)
        .setUntilMillis(untilMillis);
  }

  void command(OperatorCommand command) {
    commands.pipeInput(command.getBreaker(), command);
    read();
  }

  void span(Span span) {
    if (bundles) {
      bundle(Topics.SPANS, span.getTraceId(), span);
    } else {
      spans.pipeInput(span.getTraceId(), span);
    }
    read();
  }

  /** What was published before the lab was opened. */
  void feltBefore(String key, SymptomState symptom) {
    everywhere.onRecord(
        new ConsumerRecord<>(Topics.SYMPTOMS.name(), 0, 0, key, new byte[0]), symptom);
    everywhere.onBatch();
  }

  /** A program shows that it lives. */
  void beat(String role, String instance, long dropped) {
    beat(
        Heartbeat.newBuilder()
            .setRole(role)
            .setInstance(instance)
            .setAtMillis(now)
            .setStartedAtMillis(START)
            .setDropped(dropped)
            .build());
  }

  void beat(Heartbeat heartbeat) {
    String key = heartbeat.getRole() + "/" + heartbeat.getInstance();
    lifesigns.onRecord(
        new ConsumerRecord<>(Topics.HEARTBEATS.name(), 0, 0, key, new byte[0]), heartbeat);
  }

  void metric(MetricPoint point) {
    metrics.pipeInput(point.getInstance(), point);
    read();
  }

  void bytes(Topic<?> topic, String key, byte @Nullable [] value) {
    driver
        .createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key, value));
    read();
  }

  private <V extends SpecificRecord> void bundle(Topic<V> topic, @Nullable String key, V value) {
    bundle(topic, List.of(raw(topic, key, value)));
  }

  /** Records that are read at once. */
  void bundle(Topic<?> topic, List<ConsumerRecord<byte[], byte[]>> raw) {
    var bundle = Bundle.of(raw);
    driver
        .createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(bundle.key(), bundle.value(), bundle.headers()));
    read();
  }

  /** A record as a consumer gives it. */
  <V extends SpecificRecord> ConsumerRecord<byte[], byte[]> raw(
      Topic<V> topic, @Nullable String key, V value) {
    byte[] bytes = records.serializer(topic.valueType()).serialize(topic.name(), value);
    byte[] keyBytes = new StringSerializer().serialize(topic.name(), key);
    return new ConsumerRecord<>(topic.name(), 0, offset++, keyBytes, bytes);
  }

  BreakerState last() {
    return states.get(states.size() - 1);
  }

  State state() {
    return states.isEmpty() ? State.UNKNOWN : last().getState();
  }

  long epoch() {
    return states.isEmpty() ? 0 : last().getEpoch();
  }

  /** Why the next dead letter could not be used; fails where there is none. */
  String deadLetter() {
    Header error = deadLetters.readRecord().headers().lastHeader("switchgear.error");
    return new String(error.value(), StandardCharsets.UTF_8);
  }

  boolean hasDeadLetters() {
    return !deadLetters.isEmpty();
  }

  <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<V> topic) {
    return driver.createOutputTopic(
        topic.name(), new StringDeserializer(), records.deserializer(topic.valueType()));
  }

  double metric(String name) {
    return driver.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals(name))
        .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
        .sum();
  }

  /** What a store holds as of the last commit. */
  Map<String, Object> kept(String store) {
    Map<String, Object> kept = new HashMap<>();
    var found = (WriteBehindStore<?>) requireNonNull(driver.getAllStateStores().get(store));
    found.forEachKept(kept::put);
    return kept;
  }

  @Override
  public void close() {
    driver.close();
  }

  private void read() {
    states.addAll(stateTopic.readValuesToList());
    transitions.addAll(transitionTopic.readValuesToList());
    symptomTopic.readKeyValuesToList().forEach(each -> published(each.key, each.value));
    everywhere.onBatch();
  }

  private void published(String key, SymptomState symptom) {
    symptoms.add(symptom);
    everywhere.onRecord(new ConsumerRecord<>("", 0, 0, key, new byte[0]), symptom);
  }

  private <V extends SpecificRecord> TestInputTopic<String, V> input(Topic<V> topic) {
    return driver.createInputTopic(
        topic.name(), new StringSerializer(), records.serializer(topic.valueType()));
  }

  /** Ticks come as soon as they are asked for. */
  private static final class Ticks implements Ticker {
    private final List<Tick> wanted = new ArrayList<>();

    @Override
    public Topic<Tick> topic() {
      return Ticker.topicOf("lab", 1);
    }

    @Override
    public void tick(int partition, long nowMillis) {
      wanted.add(new Tick(partition, nowMillis));
    }
  }
}
