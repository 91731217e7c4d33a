package dev.switchgear.benchmarks.guard;

import static dev.switchgear.benchmarks.guard.Contender.Kind.BARE;
import static dev.switchgear.benchmarks.guard.Contender.Kind.PEER;
import static dev.switchgear.benchmarks.guard.Contender.Kind.SWITCHGEAR;
import static dev.switchgear.benchmarks.guard.Contender.Kind.SWITCHGEAR_ADMIT;
import static dev.switchgear.benchmarks.guard.Contender.Kind.SWITCHGEAR_TIMED;
import static dev.switchgear.benchmarks.guard.Scenario.CLOSED;
import static dev.switchgear.benchmarks.guard.Scenario.COMPOSED;
import static dev.switchgear.benchmarks.guard.Scenario.FAILING;
import static dev.switchgear.benchmarks.guard.Scenario.FLOOR;
import static dev.switchgear.benchmarks.guard.Scenario.OPEN;

import java.util.List;

/** Everybody who is measured, in the order of the table. */
final class Lineup {

  static final String CALL_ALONE = "call alone";
  static final String CLOCK = "reading the clock once";

  private static final String TIMED = "switchgear, every call timed";
  private static final String ADMIT = "switchgear, admit only";
  static final String RESILIENCE4J = "resilience4j 2.4.0";
  private static final String FAILSAFE = "failsafe 3.3.2";
  private static final String FAILSAFE_ALONE = "failsafe, its breaker alone";
  private static final String SENTINEL = "sentinel 1.8.9";
  private static final String HYSTRIX = "hystrix 1.5.18";
  static final String STACKLESS = "resilience4j, no stack trace";
  static final String ARMERIA = "armeria 1.40.0";
  static final String ARMERIA_COMPOSED = "armeria, semaphore, bucket4j";

  private Lineup() {}

  static List<Contender> all() {
    return List.of(
        Contender.of(FLOOR, CALL_ALONE, BARE, BareCalls.class, "alone"),
        Contender.of(FLOOR, "call and a counter", BARE, BareCalls.class, "counted"),
        Contender.of(FLOOR, CLOCK, BARE, BareCalls.class, "clock"),
        Contender.of(CLOSED, "switchgear", SWITCHGEAR, SwitchgearCalls.class, "closed"),
        Contender.of(CLOSED, TIMED, SWITCHGEAR_TIMED, TimedSwitchgearCalls.class, "closed"),
        Contender.of(CLOSED, ADMIT, SWITCHGEAR_ADMIT, SwitchgearCalls.class, "closedAdmit"),
        Contender.of(CLOSED, RESILIENCE4J, PEER, Resilience4jCalls.class, "closed"),
        Contender.of(
            CLOSED, "resilience4j, lock-free window", PEER, Resilience4jCalls.class, "lockFree"),
        Contender.of(CLOSED, FAILSAFE, PEER, FailsafeCalls.class, "closed"),
        Contender.of(CLOSED, FAILSAFE_ALONE, PEER, FailsafeCalls.class, "closedAlone"),
        Contender.of(CLOSED, SENTINEL, PEER, SentinelCalls.class, "closed"),
        Contender.of(CLOSED, HYSTRIX, PEER, HystrixCalls.class, "closed"),
        Contender.of(CLOSED, ARMERIA, PEER, ArmeriaCalls.class, "closed"),
        Contender.of(OPEN, "switchgear", SWITCHGEAR, SwitchgearCalls.class, "open"),
        Contender.of(OPEN, ADMIT, SWITCHGEAR_ADMIT, SwitchgearCalls.class, "openAdmit"),
        Contender.of(OPEN, RESILIENCE4J, PEER, Resilience4jCalls.class, "open"),
        Contender.of(OPEN, STACKLESS, PEER, Resilience4jCalls.class, "openStackless"),
        Contender.of(OPEN, FAILSAFE, PEER, FailsafeCalls.class, "open"),
        Contender.of(OPEN, FAILSAFE_ALONE, PEER, FailsafeCalls.class, "openAlone"),
        Contender.of(OPEN, SENTINEL, PEER, SentinelCalls.class, "open"),
        Contender.of(OPEN, HYSTRIX, PEER, HystrixCalls.class, "open"),
        Contender.of(OPEN, ARMERIA, PEER, ArmeriaCalls.class, "open"),
        Contender.of(COMPOSED, "switchgear", SWITCHGEAR, SwitchgearCalls.class, "composed"),
        Contender.of(COMPOSED, TIMED, SWITCHGEAR_TIMED, TimedSwitchgearCalls.class, "composed"),
        Contender.of(COMPOSED, ADMIT, SWITCHGEAR_ADMIT, SwitchgearCalls.class, "composedAdmit"),
        Contender.of(COMPOSED, RESILIENCE4J, PEER, Resilience4jCalls.class, "composed"),
        Contender.of(COMPOSED, FAILSAFE, PEER, FailsafeCalls.class, "composed"),
        Contender.of(COMPOSED, SENTINEL, PEER, SentinelCalls.class, "composed"),
        Contender.of(COMPOSED, ARMERIA_COMPOSED, PEER, ArmeriaCalls.class, "composed"),
        Contender.of(FAILING, "switchgear", SWITCHGEAR, SwitchgearCalls.class, "failing"),
        Contender.of(FAILING, TIMED, SWITCHGEAR_TIMED, TimedSwitchgearCalls.class, "failing"),
        Contender.of(FAILING, ADMIT, SWITCHGEAR_ADMIT, SwitchgearCalls.class, "failingAdmit"),
        Contender.of(FAILING, RESILIENCE4J, PEER, Resilience4jCalls.class, "failing"),
        Contender.of(FAILING, FAILSAFE, PEER, FailsafeCalls.class, "failing"),
        Contender.of(FAILING, SENTINEL, PEER, SentinelCalls.class, "failing"),
        Contender.of(FAILING, HYSTRIX, PEER, HystrixCalls.class, "failing"),
        Contender.of(FAILING, ARMERIA, PEER, ArmeriaCalls.class, "failing"));
  }
}
