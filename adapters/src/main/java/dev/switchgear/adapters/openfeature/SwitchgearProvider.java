package dev.switchgear.adapters.openfeature;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.EventProvider;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Hook;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.ProviderEventDetails;
import dev.openfeature.sdk.TrackingEventDetails;
import dev.openfeature.sdk.Value;
import dev.switchgear.guard.Board;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Switchgear;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An OpenFeature provider whose flags follow breakers. Thread-safe; an evaluation takes no lock and
 * waits for nothing.
 *
 * <pre>{@code
 * SwitchgearProvider provider =
 *     SwitchgearProvider.on(gear)
 *         .flag(DegradingFlag.of("recommendations", "personal", "popular").following("recommendations/list"))
 *         .build();
 * OpenFeatureAPI.getInstance().setProviderAndWait(provider);
 * }</pre>
 *
 * <p>While a breaker refuses, or a share of calls, so many evaluations give the degraded value; a
 * user with a targeting key gets the same one all the while, and keeps the normal one once it came
 * back. Every flag also follows a breaker of its own, {@code flags/KEY}, which nothing but an
 * operator opens: {@code switchgear hold flags/KEY --open --for 1h --why ...} is its off switch, on
 * every instance within a second. {@code flags} is that of all flags. Flags of a playbook degrade
 * together while {@code playbooks/NAME} is held open.
 *
 * <p>Ready at once, with Kafka or without. Once shut down it tells of no more changes, for so it is
 * with OpenFeature's providers of events: whoever wants one again builds it anew.
 */
public final class SwitchgearProvider extends EventProvider {

  /** Before a flag's key, its own breaker. */
  static final String OFF_SWITCH = "flags/";

  /** Before a playbook's name, the breaker that is held open while it runs. */
  static final String PLAYBOOK = "playbooks/";

  /** Reason of an evaluation that degrades. */
  public static final String DEGRADED = "DEGRADED";

  private static final String ALL_FLAGS = "flags";
  private static final String ALL_PLAYBOOKS = "playbooks";

  /** Each is a breaker of its own. */
  private static final int MOST = 1_000;

  private final Map<String, BoundFlag<?>> flags = new LinkedHashMap<>();
  private final @Nullable Beneath inner;
  private final Switchgear gear;
  private volatile boolean shut;

  /** While it is registered; guarded by this. */
  private Board.@Nullable Listening listening;

  private SwitchgearProvider(Builder description) {
    this.inner = description.inner == null ? null : new Beneath(description.inner, this::emit);
    this.gear = description.gear;
    description.flags.forEach((key, flag) -> flags.put(key, bound(flag, gear)));
    introduce(gear.guard(ALL_FLAGS));
    flags.values().stream()
        .flatMap(SwitchgearProvider::switches)
        .distinct()
        .forEach(id -> introduce(gear.guard(id)));
  }

  private static Stream<String> switches(BoundFlag<?> flag) {
    return Stream.concat(
        Stream.of(OFF_SWITCH + flag.key()),
        flag.playbooks().stream().flatMap(name -> Stream.of(ALL_PLAYBOOKS, PLAYBOOK + name)));
  }

  private <T> BoundFlag<T> bound(DegradingFlag<T> flag, Switchgear gear) {
    return new BoundFlag<>(flag, gear, this::look);
  }

  /** Only a breaker that was called can be held. */
  private static void introduce(Guard switched) {
    if (switched.admit() instanceof Permit permit) {
      permit.success(0);
    }
  }

  /** Starts to describe a provider; one for a {@link Switchgear}. */
  public static Builder on(Switchgear gear) {
    return new Builder(gear);
  }

  @Override
  public Metadata getMetadata() {
    String name =
        inner == null
            ? "switchgear"
            : "switchgear over " + inner.provider().getMetadata().getName();
    return () -> name;
  }

  @Override
  @SuppressWarnings("rawtypes") // As OpenFeature has it.
  public List<Hook> getProviderHooks() {
    return inner == null ? List.of() : inner.provider().getProviderHooks();
  }

  @Override
  public void initialize(EvaluationContext context) {
    if (inner != null) {
      inner.initialize(context);
    }
    listen();
  }

  @Override
  public void shutdown() {
    shut = true;
    stopListening();
    super.shutdown();
    if (inner != null) {
      inner.shutdown();
    }
  }

  private synchronized void listen() {
    if (listening == null && !shut) {
      listening = gear.board().onChange(state -> look());
    }
  }

  private synchronized void stopListening() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
  }

  @Override
  public void track(String event, EvaluationContext context, TrackingEventDetails details) {
    if (inner != null) {
      inner.provider().track(event, context, details);
    }
  }

  @Override
  public ProviderEvaluation<Boolean> getBooleanEvaluation(
      String key, Boolean otherwise, EvaluationContext context) {
    ProviderEvaluation<Boolean> own = own(key, Boolean.class, otherwise, context);
    return own != null ? own : theirs(key, p -> p.getBooleanEvaluation(key, otherwise, context));
  }

  @Override
  public ProviderEvaluation<String> getStringEvaluation(
      String key, String otherwise, EvaluationContext context) {
    ProviderEvaluation<String> own = own(key, String.class, otherwise, context);
    return own != null ? own : theirs(key, p -> p.getStringEvaluation(key, otherwise, context));
  }

  @Override
  public ProviderEvaluation<Integer> getIntegerEvaluation(
      String key, Integer otherwise, EvaluationContext context) {
    ProviderEvaluation<Integer> own = own(key, Integer.class, otherwise, context);
    return own != null ? own : theirs(key, p -> p.getIntegerEvaluation(key, otherwise, context));
  }

  @Override
  public ProviderEvaluation<Long> getLongEvaluation(
      String key, Long otherwise, EvaluationContext context) {
    ProviderEvaluation<Long> own = own(key, Long.class, otherwise, context);
    return own != null ? own : theirs(key, p -> p.getLongEvaluation(key, otherwise, context));
  }

  @Override
  public ProviderEvaluation<Double> getDoubleEvaluation(
      String key, Double otherwise, EvaluationContext context) {
    ProviderEvaluation<Double> own = own(key, Double.class, otherwise, context);
    return own != null ? own : theirs(key, p -> p.getDoubleEvaluation(key, otherwise, context));
  }

  @Override
  public ProviderEvaluation<Value> getObjectEvaluation(
      String key, Value otherwise, EvaluationContext context) {
    ProviderEvaluation<Value> own = own(key, Value.class, otherwise, context);
    return own != null ? own : theirs(key, p -> p.getObjectEvaluation(key, otherwise, context));
  }

  /** What this provider says of a flag; null if that is for the other one to say. */
  @SuppressWarnings("unchecked") // The type has been compared.
  private <T> @Nullable ProviderEvaluation<T> own(
      String key, Class<T> type, T otherwise, @Nullable EvaluationContext context) {
    BoundFlag<?> known = flags.get(key);
    if (known == null) {
      return inner == null ? error(otherwise, ErrorCode.FLAG_NOT_FOUND, key) : null;
    }
    if (known.type() != type) {
      String told = key + " is a flag of type " + known.type().getSimpleName();
      return error(otherwise, ErrorCode.TYPE_MISMATCH, told);
    }
    BoundFlag<T> flag = (BoundFlag<T>) known;
    ProviderEvaluation<T> degraded = flag.degraded(targetingKey(context));
    return degraded != null ? degraded : flag.normal();
  }

  private <T> ProviderEvaluation<T> theirs(
      String key, Function<FeatureProvider, ProviderEvaluation<T>> ask) {
    if (inner == null) {
      throw new IllegalStateException(key + " has neither a normal value nor another provider");
    }
    return ask.apply(inner.provider());
  }

  private static <T> ProviderEvaluation<T> error(T otherwise, ErrorCode code, String what) {
    return ProviderEvaluation.<T>builder()
        .value(otherwise)
        .errorCode(code)
        .errorMessage(what)
        .build();
  }

  private static @Nullable String targetingKey(@Nullable EvaluationContext context) {
    String key = context == null ? null : context.getTargetingKey();
    return key == null || key.isEmpty() ? null : key;
  }

  /** Tells which flags have moved, once for each time. */
  private synchronized void look() {
    List<String> moved =
        flags.values().stream().filter(BoundFlag::hasMoved).map(BoundFlag::key).toList();
    if (!moved.isEmpty() && !shut) {
      emitProviderConfigurationChanged(
          ProviderEventDetails.builder()
              .flagsChanged(moved)
              .message("a breaker has moved that these flags follow")
              .build());
    }
  }

  /** Describes a provider. */
  public static final class Builder {

    private final Switchgear gear;
    private final Map<String, DegradingFlag<?>> flags = new LinkedHashMap<>();
    private @Nullable FeatureProvider inner;

    private Builder(Switchgear gear) {
      this.gear = gear;
    }

    /** One more flag; at most 1,000. */
    public Builder flag(DegradingFlag<?> flag) {
      if (flags.size() >= MOST || flags.putIfAbsent(flag.key(), flag) != null) {
        throw new IllegalArgumentException(
            "flag: %s, number %d (expected: each key once, at most %d flags)"
                .formatted(flag.key(), flags.size() + 1, MOST));
      }
      return this;
    }

    /**
     * Everything else is this provider's: other flags, and the values of those that say only what
     * they degrade to. It is initialized and shut down along, and its events are told. It can be
     * registered nowhere else.
     */
    public Builder over(FeatureProvider other) {
      this.inner = other;
      return this;
    }

    /**
     * Makes it.
     *
     * @throws IllegalStateException if a flag has no normal value
     */
    public SwitchgearProvider build() {
      for (DegradingFlag<?> flag : flags.values()) {
        if (flag.normal() == null && inner == null) {
          throw new IllegalStateException(
              "normal: nothing for " + flag.key() + " (expected: a value, or a provider under it)");
        }
      }
      return new SwitchgearProvider(this);
    }
  }
}
