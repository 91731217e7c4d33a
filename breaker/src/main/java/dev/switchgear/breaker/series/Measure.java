package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;

/**
 * What a sampled value means, and from where on a change of it can be felt. The latter are ratios
 * to the dependency's own healthy level and deliberately coarse: a sequential test finds the
 * smallest lasting change, and nobody wants to be told of it.
 */
public enum Measure {
  /** Share of the calls that failed, 0..1. */
  ERROR_SHARE(Symptom.Kind.ERRORS, 0, 0.03, 10_000),
  /** Finished calls a second. */
  CALLS_PER_SECOND(Symptom.Kind.THROUGHPUT_DROP, 0.5, 0, 20_000),
  /** Mean latency in milliseconds. */
  LATENCY_MEAN(Symptom.Kind.SLOWNESS, 1.5, 10, 20_000),
  /** Median latency in milliseconds. */
  LATENCY_P50(Symptom.Kind.SLOWNESS, 1.5, 10, 20_000),
  /** 90th percentile of latency in milliseconds. */
  LATENCY_P90(Symptom.Kind.SLOWNESS, 1.75, 10, 20_000),
  /** 95th percentile of latency in milliseconds. */
  LATENCY_P95(Symptom.Kind.SLOWNESS, 2, 10, 20_000),
  /** 99th percentile of latency in milliseconds; the noisiest of them. */
  LATENCY_P99(Symptom.Kind.SLOWNESS, 2.5, 10, 20_000),
  /** Processor time in use, in any unit. */
  CPU(Symptom.Kind.SATURATION, 2, 0, 120_000),
  /** Memory in use, in any unit. */
  MEMORY(Symptom.Kind.SATURATION, 1.5, 0, 120_000),
  /** Connections or threads of a pool in use, as a share of what it holds. */
  POOL(Symptom.Kind.SATURATION, 2, 0, 120_000),
  /** Items that wait. */
  QUEUE_DEPTH(Symptom.Kind.QUEUE_GROWTH, 3, 10, 20_000);

  private final Symptom.Kind kind;
  private final double feltRatio;
  private final double feltDifference;
  private final long feltMillis;

  Measure(Symptom.Kind kind, double feltRatio, double feltDifference, long feltMillis) {
    this.kind = kind;
    this.feltRatio = feltRatio;
    this.feltDifference = feltDifference;
    this.feltMillis = feltMillis;
  }

  /** The symptom that a change of it is. */
  public Symptom.Kind kind() {
    return kind;
  }

  /** How many times the healthy level is felt; below one where it is a drop that is felt. */
  public double feltRatio() {
    return feltRatio;
  }

  /** How far above the healthy level it must be as well, in its own unit. */
  public double feltDifference() {
    return feltDifference;
  }

  /** For how long, in milliseconds: what is over sooner than a person would look is no symptom. */
  public long feltMillis() {
    return feltMillis;
  }

  /** A level, such as a gauge shows it: it may rise until something is full. */
  boolean isLevel() {
    return kind == Symptom.Kind.SATURATION || kind == Symptom.Kind.QUEUE_GROWTH;
  }

  /** A level of which there is no more than all: judged against a limit, it is a share. */
  boolean isShare() {
    return kind == Symptom.Kind.SATURATION;
  }

  /** A share or a rate of things counted: only their mean says how many there were. */
  boolean counted() {
    return this == ERROR_SHARE || this == CALLS_PER_SECOND;
  }

  /** Ratios of latencies scatter evenly, not differences. */
  boolean logarithmic() {
    return kind == Symptom.Kind.SLOWNESS;
  }
}
