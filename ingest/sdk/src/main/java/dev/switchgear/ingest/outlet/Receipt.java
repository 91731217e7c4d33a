package dev.switchgear.ingest.outlet;

/** What became of parcels that were sent together. */
public enum Receipt {
  /** Kafka has all of them. */
  ARRIVED,
  /** There is no room for them now, so none was taken. */
  FULL,
  /** Some did not get to Kafka in time, or nobody knows whether they did. */
  LOST
}
