package dev.switchgear.console.view;

import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Limits of the whole fleet, and who may take how much of them. */
public final class QuotaTable {

  /** The tier of whatever is of none. */
  private static final String OTHERS = "*";

  private static final String NEXT = "(whoever comes next)";
  private static final int NARROWEST_NAME = 12;
  private static final int WIDEST_NAME = 44;
  private static final int TIER = 10;
  private static final int FIGURE = 12;
  private static final double THOUSAND = 1_000;

  private final Style style;
  private final int width;
  private final int name;

  private QuotaTable(Collection<String> names, Style style, int width) {
    this.style = style;
    this.width = width;
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    this.name = 2 + Math.max(NARROWEST_NAME, Math.min(WIDEST_NAME, longest));
  }

  /** A header, a line for each limit, and below it one for each of its tiers. */
  public static List<String> of(
      Collection<QuotaState> quotas, Instant now, Style style, int width) {
    List<String> names = quotas.stream().map(QuotaState::getLimit).toList();
    QuotaTable table = new QuotaTable(names, style, width);
    List<String> lines = new ArrayList<>();
    lines.add(
        table.row(
            "LIMIT",
            "TIER",
            Ink.FAINT,
            "CALLS",
            "GUARANTEED",
            "WANTED",
            "SHARED",
            "AMONG",
            "SINCE"));
    quotas.forEach(quota -> table.add(quota, now, lines));
    return lines;
  }

  /** A header, and a line for each instance and tier of one limit. */
  public static List<String> of(QuotaState quota, Style style, int width) {
    List<String> names = new ArrayList<>(List.of(NEXT));
    quota.getShares().forEach(share -> names.add(share.getInstance()));
    QuotaTable table = new QuotaTable(names, style, width);
    List<String> lines = new ArrayList<>();
    lines.add(table.row("INSTANCE", "TIER", Ink.FAINT, "WANTED", "SHARE"));
    quota.getShares().forEach(share -> table.add(share, lines));
    table.add(NEXT, quota.getStart(), Map.of(), Ink.FAINT, lines);
    return lines;
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

  private void add(QuotaState quota, Instant now, List<String> lines) {
    Instant at = Instant.ofEpochMilli(quota.getAtMillis());
    boolean scarce = wanted(quota, null) > quota.getCalls() * THOUSAND;
    lines.add(
        row(
            quota.getLimit(),
            "",
            scarce ? Ink.YELLOW : Ink.PLAIN,
            limit(quota),
            "",
            amount(wanted(quota, null)),
            amount(shared(quota, null)),
            Integer.toString(quota.getShares().size()),
            Figures.span(Duration.between(at, now))));
    if (!quota.getGuaranteed().isEmpty()) {
      tiers(quota).forEach(tier -> lines.add(row(quota, tier)));
    }
  }

  private String row(QuotaState quota, String tier) {
    Long guaranteed = quota.getGuaranteed().get(tier);
    return row(
        "",
        tier,
        Ink.FAINT,
        "",
        guaranteed == null ? style.dot() : guaranteed.toString(),
        amount(wanted(quota, tier)),
        amount(shared(quota, tier)));
  }

  private void add(QuotaShare share, List<String> lines) {
    add(share.getInstance(), share.getShares(), share.getWanted(), Ink.PLAIN, lines);
  }

  private void add(
      String who, Map<String, Long> shares, Map<String, Long> wanted, Ink ink, List<String> lines) {
    String shown = who;
    for (String tier : new TreeSet<>(shares.keySet())) {
      String wants = wanted.isEmpty() ? style.dot() : amount(wanted.getOrDefault(tier, 0L));
      String share = amount(shares.getOrDefault(tier, 0L));
      lines.add(row(shown, tier.equals(OTHERS) ? "" : tier, ink, wants, share));
      shown = "";
    }
  }

  private String row(String first, String tier, Ink ink, String... figures) {
    Line line = new Line(style, width).left(first, name, ink).left(tier, TIER, ink);
    for (String figure : figures) {
      line.right(figure, FIGURE, ink);
    }
    return line.toString();
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
