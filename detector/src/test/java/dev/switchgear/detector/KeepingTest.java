package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.HeldClosed;
import dev.switchgear.breaker.HeldOpen;
import dev.switchgear.breaker.Hold;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Probing;
import dev.switchgear.breaker.Recovering;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExcessTest;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.detector.state.DetectorState;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.schemas.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A breaker that is kept and restored goes on as if nothing had happened. */
class KeepingTest {

  private static final Hold HOLD = new Hold("ana", "a drill", Lab.START + 60_000);
  private static final Path FOLDER = Path.of("src/released/0.1");
  private static final Map<String, Schema> RELEASED = released();

  /** Knows the schemas of 0.1 only, as if all that is read had been written then. */
  private static final Records OLD =
      new Records(
          fingerprint ->
              RELEASED.values().stream()
                  .filter(each -> SchemaNormalization.parsingFingerprint64(each) == fingerprint)
                  .findFirst()
                  .orElse(null));

  private static final Serde<KeptBreaker> SERDE = Records.builtInOnly().serde(KeptBreaker.class);

  static List<State> states() {
    return List.of(
        new Closed(7, 1),
        new Open(Lab.START + 5, 2),
        new Probing(17, Lab.START + 6, 3),
        new Recovering(2, 2_500, Lab.START + 7, 4),
        new HeldOpen(HOLD),
        new HeldClosed(HOLD),
        new Shadow(HOLD, new Open(Lab.START + 8, 0)),
        new Shadow(null, new Recovering(1, 500, Lab.START + 9, 1)));
  }

  @ParameterizedTest
  @MethodSource("states")
  void whatIsRestoredIsWhatWasKept(State state) {
    Breaker breaker = Breaker.adopt("a", BreakerPolicy.DEFAULT, state, 41, Lab.START - 5);
    for (int i = 0; i < 40; i++) {
      breaker.firstSeen("s" + i % 3, 1, i);
      breaker.observe(sample(i), Lab.START + i * 250L);
    }
    Judged judged = new Judged(breaker, "why", List.of("t"), 120, Lab.START + 9_750);
    for (long offset = 0; offset < 40; offset++) {
      judged.heard(offset, Lab.START + 9_750);
    }

    byte[] bytes = SERDE.serializer().serialize("", Keeping.kept(judged));
    KeptBreaker kept = SERDE.deserializer().deserialize("", bytes);
    Judged restored = Keeping.restored("a", kept, BreakerPolicy.DEFAULT);

    assertThat(Keeping.kept(restored)).isEqualTo(Keeping.kept(judged));
    assertThat(restored.breaker().state()).isEqualTo(breaker.state());
    assertThat(restored.breaker().epoch()).isEqualTo(breaker.epoch());
    assertThat(restored.breaker().sinceMillis()).isEqualTo(breaker.sinceMillis());
    assertThat(restored.breaker().firstSeen("s1", 1, 37)).isFalse();
    assertThat(restored.inputs()).isEqualTo(judged.inputs()).hasSize(16);
    assertThat(restored.reason()).isEqualTo("why");
    assertThat(restored.exemplars()).containsExactly("t");
    assertThat(restored.timeoutMillis()).isEqualTo(120);
  }

  @Test
  void evidenceIsJudgedAnewOnlyWhereAnAcceptedShareIsAnother() {
    Breaker breaker = new Breaker("a", BreakerPolicy.DEFAULT, Lab.START);
    breaker.observe(bad(), Lab.START);
    KeptBreaker kept = Keeping.kept(new Judged(breaker, "why", List.of(), null, Lab.START));

    assertThat(sumsUnder(kept, 0.1)).isEqualTo(breaker.snapshot().errorSums());
    assertThat(sumsUnder(kept, 0.2)).allMatch(sum -> sum.strength() == 0);
  }

  private static List<ExcessTest.Sum> sumsUnder(KeptBreaker kept, double acceptedErrors) {
    BreakerPolicy today = BreakerPolicy.DEFAULT;
    BreakerPolicy edited =
        today.withVersion(1).withAcceptedShares(acceptedErrors, today.slowness().acceptedShare());
    Breaker restored = Keeping.restored("a", kept, edited).breaker();
    assertThat(restored.adopt(edited, Lab.START)).isEmpty();
    assertThat(restored.policy()).isEqualTo(edited);
    return restored.snapshot().errorSums();
  }

  /** Written by the detector of 0.1; the schemas it wrote them with are beside them. */
  @Test
  void whatThe01DetectorKeptIsStillRead() throws IOException {
    Judged closed = restored("closed.bin");
    assertThat(closed.breaker().state()).isEqualTo(new Closed(0, 0));
    assertThat(closed.breaker().epoch()).isZero();
    assertThat(closed.timeoutMillis()).isEqualTo(120);
    Breaker.Snapshot kept = closed.breaker().snapshot();
    assertThat(kept.errorSums().get(0))
        .isEqualTo(new ExcessTest.Sum(8.494951839769879, 0, 0, 0, Lab.START + 1_750));
    assertThat(kept.probed()).isEqualTo(new Breaker.Probed(800, 25, 0, 0));
    assertThat(kept.slices()).hasSize(3);
    assertThat(kept.baseline().count()).isEqualTo(700);
    assertThat(closed.breaker().firstSeen("checkout\0checkout-1\0GUARD", 1, 7)).isFalse();

    Judged shadow = restored("shadow.bin");
    assertThat(shadow.breaker().state())
        .isEqualTo(new Shadow(HOLD, new Open(Lab.START + 8_000, 2)));
    assertThat(shadow.breaker().epoch()).isEqualTo(41);
    assertThat(OLD.deserializer(KeptNumbering.class).deserialize("", read("numbering.bin")))
        .isEqualTo(new KeptNumbering(Lab.START, 7L));
  }

  @Test
  void detectorsOf01AndOfTodayReadWhatTheOtherKeeps() {
    for (Schema today : DetectorState.PROTOCOL.getTypes()) {
      Schema then = RELEASED.get(today.getFullName());
      if (then != null) {
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(today, then).getType())
            .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(then, today).getType())
            .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
      }
    }
    assertThat(DetectorState.PROTOCOL.getTypes())
        .extracting(Schema::getFullName)
        .containsAll(RELEASED.keySet());
  }

  private static Judged restored(String file) throws IOException {
    KeptBreaker kept = OLD.deserializer(KeptBreaker.class).deserialize("", read(file));
    return Keeping.restored("payments/charge", kept, BreakerPolicy.DEFAULT);
  }

  private static byte[] read(String file) throws IOException {
    return Files.readAllBytes(FOLDER.resolve(file));
  }

  private static Map<String, Schema> released() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".avsc"))
          .map(KeepingTest::parsed)
          .collect(Collectors.toMap(Schema::getFullName, Function.identity()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema parsed(Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CallSample bad() {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(20e6, 4);
    return new CallSample(
        "s", "s-1", Lab.START - 250, Lab.START, 0, 4, Map.of("x", 4L), 0, latency, List.of());
  }

  private static CallSample sample(int i) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(20e6 + i, 10 - i % 3);
    long to = Lab.START + i * 250L;
    Map<String, Long> errors = Map.of("x", (long) (i % 2));
    Caller caller = new Caller("s", "s-" + i % 3, "v" + i / 10, null, null);
    return new CallSample(caller, to - 250, to, 41, 10, errors, i % 5, latency, List.of("t"));
  }
}
