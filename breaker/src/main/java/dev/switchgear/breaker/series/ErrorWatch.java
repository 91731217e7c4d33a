package dev.switchgear.breaker.series;

import java.util.List;

/**
 * Calls that fail more often than they did. The share is judged against one and a half times what
 * the healthy past has seen at its worst, three in a hundred at least; the evidence is that of a
 * binomial count against three alternatives between that and certainty.
 */
final class ErrorWatch extends Watch {

  /** Where nobody says how many calls there were. */
  private static final double CALLS_UNKNOWN = 10;

  /** More calls of one interval are not independent of each other. */
  private static final double MOST_CALLS = 50;

  private static final double ABOVE_WORST = 1.5;
  private static final double WORST = 0.95;
  private static final double HIGHEST = 0.95;

  /** Even where half of the calls always fail, all of them failing is news. */
  private static final double MOST_ACCEPTED = 0.75;

  private final Past shares = new Past();
  private double calls = CALLS_UNKNOWN;

  ErrorWatch() {
    super(Measure.ERROR_SHARE);
  }

  @Override
  void tellCalls(double known) {
    calls = Double.isNaN(known) ? CALLS_UNKNOWN : Math.min(MOST_CALLS, known);
  }

  @Override
  double logRatio(double measured, long atMillis, long coveredMillis) {
    double worst = shares.quantile(WORST);
    double accepted =
        Math.min(MOST_ACCEPTED, Math.max(measure().feltDifference(), ABOVE_WORST * worst));
    if (measured <= accepted) {
      return LOOKS_WELL;
    }
    double middle = Math.sqrt(accepted * HIGHEST);
    double mild = Math.min(2 * accepted, (accepted + HIGHEST) / 2);
    double strongest =
        Math.max(evidence(measured, accepted, mild), evidence(measured, accepted, middle));
    return calls * Math.max(strongest, evidence(measured, accepted, HIGHEST));
  }

  @Override
  void learn(double measured, long atMillis, long coveredMillis) {
    shares.add(measured);
  }

  @Override
  int learned() {
    return shares.size();
  }

  @Override
  void forget() {
    shares.clear();
  }

  @Override
  List<Past> pasts() {
    return List.of(shares);
  }

  @Override
  double usual() {
    return shares.mean(Past.MOST);
  }

  private static double evidence(double share, double accepted, double ill) {
    return share * Math.log(ill / accepted) + (1 - share) * Math.log((1 - ill) / (1 - accepted));
  }
}
