package dev.switchgear.console.architecture;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The modules: what packages each has, and which others it may use. Arrows point only downwards, so
 * each may use only modules named before it.
 */
enum Module {
  SCHEMAS,
  EMBEDDED_KAFKA,
  TEST_KAFKA,
  STREAMS,
  BREAKER,
  GUARD,
  ADAPTERS,
  SPRING_BOOT,
  INGEST_SDK,
  INGEST_GATEWAY,
  DETECTOR,
  RECOVERY_ACTIONS,
  GAME_DAYS,
  BENCHMARKS,
  CONSOLE;

  /** Packages below the root; {@code ..} stands for those inside as well. */
  List<String> packages() {
    return switch (this) {
      case SCHEMAS -> List.of("schemas");
      case EMBEDDED_KAFKA -> List.of("schemas.embedded..");
      case TEST_KAFKA -> List.of("schemas.testing..");
      case STREAMS -> List.of("schemas.streams..");
      case BREAKER -> List.of("breaker..");
      case GUARD -> List.of("guard..");
      case ADAPTERS -> List.of("adapters..");
      case SPRING_BOOT -> List.of("spring..");
      case INGEST_SDK -> List.of("ingest.sdk..", "ingest.outlet..");
      case INGEST_GATEWAY -> List.of("ingest.gateway..");
      case DETECTOR -> List.of("detector..");
      case RECOVERY_ACTIONS -> List.of("recovery..");
      case GAME_DAYS -> List.of("gamedays..");
      case BENCHMARKS -> List.of("benchmarks..");
      case CONSOLE -> List.of("console..");
    };
  }

  Set<Module> used() {
    return switch (this) {
      case SCHEMAS, EMBEDDED_KAFKA, BREAKER -> Set.of();
      case TEST_KAFKA -> Set.of(SCHEMAS, EMBEDDED_KAFKA);
      case STREAMS -> Set.of(SCHEMAS);
      case GUARD -> Set.of(SCHEMAS, BREAKER);
      case ADAPTERS, INGEST_SDK -> Set.of(SCHEMAS, BREAKER, GUARD);
      // It tells what they refuse, in services that have them.
      case SPRING_BOOT -> Set.of(SCHEMAS, BREAKER, GUARD, ADAPTERS);
      case INGEST_GATEWAY -> Set.of(SCHEMAS, BREAKER, GUARD, INGEST_SDK);
      // Neither uses the other: topics join them.
      case DETECTOR, RECOVERY_ACTIONS -> Set.of(SCHEMAS, STREAMS, BREAKER, GUARD, INGEST_SDK);
      case GAME_DAYS -> allShippedButStreamsUpTo(RECOVERY_ACTIONS);
      // Neither uses the other: the console ships without the benchmarks.
      case BENCHMARKS, CONSOLE -> allShippedButStreamsUpTo(GAME_DAYS);
    };
  }

  /**
   * Who starts a Streams application starts the detector or recovery-actions; tests ship not;
   * adapters and the starter are for other people's services.
   */
  private static Set<Module> allShippedButStreamsUpTo(Module last) {
    Set<Module> modules = EnumSet.range(SCHEMAS, last);
    modules.removeAll(Set.of(STREAMS, TEST_KAFKA, ADAPTERS, SPRING_BOOT));
    return modules;
  }
}
