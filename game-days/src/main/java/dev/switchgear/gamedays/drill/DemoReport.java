package dev.switchgear.gamedays.drill;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the demo measured.
 *
 * @param problems why the run did not pass; empty when it did
 */
@JsonPropertyOrder({"passed", "problems", "acts", "machine", "settings"})
public record DemoReport(
    List<String> problems, List<Act> acts, Machine machine, Settings settings) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public DemoReport {
    problems = List.copyOf(problems);
    acts = List.copyOf(acts);
  }

  /** True if nothing was lost, doubled or out of order and every wait ended in time. */
  @JsonProperty
  public boolean passed() {
    return problems.isEmpty();
  }

  /** The report as indented JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report must always become JSON: " + this, e);
    }
  }

  /**
   * One act. Times are null where the act has no such moment: no fault, or a bound was missed.
   *
   * @param breaker the breaker of the sick dependency; null in the healthy act
   * @param faultToOpenMillis from the fault until the breaker was published as open
   * @param faultToObeyedMillis from the fault until the last guard obeyed
   * @param healToClosedMillis from the end of the fault until the breaker was published as closed
   * @param callsReachedAfterFault calls that got as far as the sick dependency before it was healed
   * @param callsRefused calls that guards refused during the act and fallbacks answered
   */
  public record Act(
      String name,
      @Nullable String breaker,
      @Nullable Long faultToOpenMillis,
      @Nullable Long faultToObeyedMillis,
      @Nullable Long healToClosedMillis,
      long callsReachedAfterFault,
      long callsRefused,
      Requests requests,
      Orders orders) {}

  /** How users were answered, as the load generator saw it. */
  public record Requests(long succeeded, long degraded, long failed) {}

  /**
   * What became of the orders placed during an act, by the payment book.
   *
   * @param accepted answered with a receipt, charged or parked
   * @param parked accepted to be charged later
   * @param replayed of the parked, those that a replay has brought to the payment book
   * @param lost accepted and never charged
   * @param duplicated charged more than once
   * @param outOfOrder charged after a newer order of the same customer
   */
  public record Orders(
      long accepted, long parked, long replayed, long lost, long duplicated, long outOfOrder) {}

  /** Where it was measured. */
  public record Machine(int cores, long memoryMiB, String os, String java) {

    private static final long MEBIBYTE = 1 << 20;

    static Machine present() {
      OperatingSystemMXBean system =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return new Machine(
          system.getAvailableProcessors(),
          system.getTotalMemorySize() / MEBIBYTE,
          system.getName() + " " + system.getVersion() + " " + system.getArch(),
          System.getProperty("java.vm.name") + " " + Runtime.version());
    }
  }

  /** What it was measured with. */
  public record Settings(double rate, int instances, long seed, String kafkaVersion) {}
}
