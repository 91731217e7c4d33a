package dev.switchgear.console.view;

import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Limits of the whole fleet, and who may take how much of them. */
public final class QuotaTable {

  /** The tier of whatever is of none. */
  private static final String OTHERS = "*";

  private static final String NEXT = "(whoever comes next)";
  private static final int TIER = 10;
  private static final int FIGURE = 12;
  private static final double THOUSAND = 1_000;

  private final Style style;
  private final Rows rows;

  private QuotaTable(Rows rows, Style style) {
    this.rows = rows;
    this.style = style;
  }

  /** A header, a line for each limit, and below it one for each of its tiers. */
  public static List<String> of(
      Collection<QuotaState> quotas, Instant now, Style style, int width) {
    Rows rows = new Rows(quotas.stream().map(QuotaState::getLimit), style, width);
    QuotaTable table = new QuotaTable(rows, style);
    table.addRow(
        "LIMIT", "TIER", Ink.FAINT, "CALLS", "GUARANTEED", "WANTED", "SHARED", "AMONG", "SINCE");
    quotas.forEach(quota -> table.add(quota, now));
    return rows.lines();
  }

  /** A header, and a line for each instance and tier of one limit. */
  public static List<String> of(QuotaState quota, Style style, int width) {
    Stream<String> instances = quota.getShares().stream().map(QuotaShare::getInstance);
    Rows rows = new Rows(Stream.concat(Stream.of(NEXT), instances), style, width);
    QuotaTable table = new QuotaTable(rows, style);
    table.addRow("INSTANCE", "TIER", Ink.FAINT, "WANTED", "SHARE");
    quota.getShares().forEach(table::add);
    table.add(NEXT, quota.getStart(), Map.of(), Ink.FAINT);
    return rows.lines();
  }

  /** One change for a log. */
  public static String change(QuotaState quota) {
    return "%s  %s wanted of %s, shared among %d"
        .formatted(
            Line.clean(quota.getLimit()),
            amount(wanted(quota, null)),
            limit(quota),
            quota.getShares().size());
  }

  /** The end of one for a log. */
  public static String ended(String limit) {
    return Line.clean(limit) + "  shared no more";
  }

  private void add(QuotaState quota, Instant now) {
    Instant at = Instant.ofEpochMilli(quota.getAtMillis());
    boolean scarce = wanted(quota, null) > quota.getCalls() * THOUSAND;
    addRow(
        quota.getLimit(),
        "",
        scarce ? Ink.YELLOW : Ink.PLAIN,
        limit(quota),
        "",
        amount(wanted(quota, null)),
        amount(shared(quota, null)),
        Integer.toString(quota.getShares().size()),
        Figures.span(Duration.between(at, now)));
    if (!quota.getGuaranteed().isEmpty()) {
      tiers(quota).forEach(tier -> add(quota, tier));
    }
  }

  private void add(QuotaState quota, String tier) {
    Long guaranteed = quota.getGuaranteed().get(tier);
    addRow(
        "",
        tier,
        Ink.FAINT,
        "",
        guaranteed == null ? style.dot() : guaranteed.toString(),
        amount(wanted(quota, tier)),
        amount(shared(quota, tier)));
  }

  private void add(QuotaShare share) {
    add(share.getInstance(), share.getShares(), share.getWanted(), Ink.PLAIN);
  }

  private void add(String who, Map<String, Long> shares, Map<String, Long> wanted, Ink ink) {
    String shown = who;
    for (String tier : new TreeSet<>(shares.keySet())) {
      String wants = wanted.isEmpty() ? style.dot() : amount(wanted.getOrDefault(tier, 0L));
      String share = amount(shares.getOrDefault(tier, 0L));
      addRow(shown, tier.equals(OTHERS) ? "" : tier, ink, wants, share);
      shown = "";
    }
  }

  private void addRow(String first, String tier, Ink ink, String... figures) {
    Line line = rows.begin(first, ink).left(tier, TIER, ink);
    for (String figure : figures) {
      line.right(figure, FIGURE, ink);
    }
    rows.add(line);
  }

  private static Set<String> tiers(QuotaState quota) {
    Set<String> tiers = new TreeSet<>(quota.getGuaranteed().keySet());
    tiers.add(OTHERS);
    return tiers;
  }

  private static String limit(QuotaState quota) {
    long millis = quota.getPeriodMillis();
    String period = millis % 1_000 == 0 ? Figures.span(Duration.ofMillis(millis)) : millis + " ms";
    return quota.getCalls() + " in " + period;
  }

  private static String amount(long thousandths) {
    return Figures.rate(thousandths / THOUSAND);
  }

  private static long wanted(QuotaState quota, @Nullable String tier) {
    return quota.getShares().stream().mapToLong(share -> of(share.getWanted(), tier)).sum();
  }

  private static long shared(QuotaState quota, @Nullable String tier) {
    return quota.getShares().stream().mapToLong(share -> of(share.getShares(), tier)).sum();
  }

  /** Of one tier, or of all where none is asked for. */
  private static long of(Map<String, Long> amounts, @Nullable String tier) {
    return tier == null
        ? amounts.values().stream().mapToLong(Long::longValue).sum()
        : amounts.getOrDefault(tier, 0L);
  }
}
