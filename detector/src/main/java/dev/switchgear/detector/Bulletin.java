package dev.switchgear.detector;

import static dev.switchgear.detector.DetectorTopology.STATES;
import static dev.switchgear.detector.DetectorTopology.TRANSITIONS;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.HeldClosed;
import dev.switchgear.breaker.HeldOpen;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Probing;
import dev.switchgear.breaker.Recovering;
import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.Transition;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Deployment;
import dev.switchgear.schemas.InputOffset;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Tells the fleet of breakers: their states, and the transitions with their evidence. */
final class Bulletin {

  /** A recommended timeout that is shorter by less than this share is no news; a longer one is. */
  private static final double TIMEOUT_NEWS = 0.2;

  /** Enough to look at; a state is read by everybody. */
  private static final int MOST_EXEMPLARS = 4;

  private final ProcessorContext<Object, Object> context;
  private final FeltSymptoms symptoms;
  private final Lifesigns lifesigns;

  Bulletin(ProcessorContext<Object, Object> context, FeltSymptoms symptoms, Lifesigns lifesigns) {
    this.context = context;
    this.symptoms = symptoms;
    this.lifesigns = lifesigns;
  }

  /**
   * A breaker has moved: its transition, the state, and whose symptom it was. Committed at once.
   */
  void moved(Judged judged, Transition transition) {
    Optional<Deployment> deployment = deployment(judged.breaker().id(), transition);
    String reason = reason(transition, deployment);
    BreakerTransition record = record(judged, transition, reason, deployment);
    forward(TRANSITIONS, judged, transition.atMillis(), record);
    judged.moved(reason, transition.details().exemplars());
    state(judged, transition.atMillis());
    symptoms.moved(judged.breaker().id(), transition);
    context.commit();
  }

  /**
   * A breaker's state, as it is now. All of it each time, what led to it included: of a compacted
   * topic only the last record stays.
   */
  void state(Judged judged, long nowMillis) {
    judged.recommends(timeoutMillis(judged.breaker()));
    forward(STATES, judged, nowMillis, record(judged, nowMillis));
  }

  /** Whether the recommended timeout is no longer the published one. */
  static boolean hasTimeoutNews(Judged judged) {
    Integer published = judged.timeoutMillis();
    Integer now = timeoutMillis(judged.breaker());
    if (published == null || now == null) {
      return now != null;
    }
    return now > published || now < (1 - TIMEOUT_NEWS) * published;
  }

  private void forward(String node, Judged judged, long atMillis, SpecificRecord value) {
    context.forward(new Record<>(judged.breaker().id(), value, Math.max(0, atMillis)), node);
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private static BreakerState record(Judged judged, long nowMillis) {
    Breaker breaker = judged.breaker();
    return BreakerState.newBuilder()
        .setBreaker(breaker.id())
        .setState(name(breaker.state()))
        .setEpoch(breaker.epoch())
        .setAdmittedShare(breaker.state().admittedShare())
        .setRetryAfterMillis(breaker.retryAfterMillis(nowMillis))
        .setRecommendedTimeoutMillis(judged.timeoutMillis())
        .setReason(judged.reason())
        .setDecidedAtMillis(breaker.sinceMillis())
        .setPolicyVersion(breaker.policy().version())
        .setUntilMillis(breaker.state().untilMillis())
        .setStaleAfterMillis((int) breaker.policy().staleAfter().toMillis())
        .setExemplars(judged.exemplars().stream().limit(MOST_EXEMPLARS).toList())
        .build();
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private BreakerTransition record(
      Judged judged, Transition transition, String reason, Optional<Deployment> deployment) {
    Optional<Symptom> symptom = transition.symptom();
    return BreakerTransition.newBuilder()
        .setBreaker(judged.breaker().id())
        .setEpoch(transition.epoch())
        .setFrom(name(transition.from()))
        .setTo(name(transition.to()))
        .setAdmittedShare(transition.to().admittedShare())
        .setAtMillis(transition.atMillis())
        .setSymptom(symptom.map(proven -> kind(proven.kind())).orElse(null))
        .setReason(reason)
        .setPolicyVersion(transition.policyVersion())
        .setEvidence(
            Evidences.of(transition, judged.breaker().policy(), inputs(judged), deployment))
        .setWho(transition.who().orElse(null))
        .setUntilMillis(transition.to().untilMillis())
        .build();
  }

  /** Where the dependency itself is of another version since shortly before the symptom. */
  private Optional<Deployment> deployment(String breaker, Transition transition) {
    List<Lifesigns.Sign> signs = lifesigns.of(BreakerId.dependency(breaker));
    return transition
        .symptom()
        .map(symptom -> beganMillis(symptom, transition))
        .flatMap(began -> Deployments.before(began, transition.atMillis(), signs));
  }

  private static String reason(Transition transition, Optional<Deployment> deployment) {
    return deployment
        .map(each -> "; " + Deployments.describe(each, transition.atMillis()))
        .map(transition.reason()::concat)
        .orElse(transition.reason());
  }

  private static long beganMillis(Symptom symptom, Transition transition) {
    if (symptom.test() instanceof Symptom.Excess excess) {
      return excess.sinceMillis();
    }
    return symptom.test() instanceof Symptom.Series series
        ? series.sinceMillis()
        : transition.sinceMillis();
  }

  private List<InputOffset> inputs(Judged judged) {
    int partition = context.taskId().partition();
    return Arrays.stream(judged.inputs())
        .mapToObj(offset -> new InputOffset(Topics.OBSERVATIONS.name(), partition, offset))
        .toList();
  }

  private static @Nullable Integer timeoutMillis(Breaker breaker) {
    return breaker
        .recommendedTimeoutNanos()
        .map(nanos -> (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(nanos / 1e6))))
        .orElse(null);
  }

  private static State name(dev.switchgear.breaker.State state) {
    if (state instanceof Closed) {
      return State.CLOSED;
    } else if (state instanceof Open) {
      return State.OPEN;
    } else if (state instanceof Probing) {
      return State.PROBING;
    } else if (state instanceof Recovering) {
      return State.RECOVERING;
    } else if (state instanceof HeldOpen) {
      return State.HELD_OPEN;
    }
    return state instanceof HeldClosed ? State.HELD_CLOSED : State.SHADOW;
  }

  static SymptomKind kind(Symptom.Kind kind) {
    return switch (kind) {
      case ERRORS -> SymptomKind.ERRORS;
      case SLOWNESS -> SymptomKind.SLOWNESS;
      case THROUGHPUT_DROP -> SymptomKind.THROUGHPUT_DROP;
      case SILENCE -> SymptomKind.SILENCE;
      case SATURATION -> SymptomKind.SATURATION;
      case QUEUE_GROWTH -> SymptomKind.QUEUE_GROWTH;
    };
  }
}
