package dev.switchgear.benchmarks.fleet;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes one contender through one outage. Contenders with the same seed meet the same calls at the
 * same times, and the same ones fail by chance.
 */
public final class Trial {

  /** Traffic is back once this share of it passes for {@link #STRETCH} seconds. */
  private static final double FULL = 0.95;

  private static final int STRETCH = 5;

  private final Outage outage;
  private final Agenda agenda = new Agenda();
  private final Protection protection;
  private final long[] madeHealed = new long[(int) (Outage.AFTER_MILLIS / 1_000)];
  private final long[] reachedHealed = new long[madeHealed.length];
  private long made;
  private long succeeded;
  private long failed;
  private long wasted;
  private long probes;
  private long refusedWell;
  private long refusedDead;
  private long refusedHealed;
  private @Nullable Long stoppedMillis;

  private Trial(Outage outage, Contender contender) {
    this.outage = outage;
    this.protection = contender.protect(outage, agenda);
  }

  /** One run. */
  public static Toll run(Outage outage, Contender contender) {
    return new Trial(outage, contender).run();
  }

  /** The median of runs with seeds that follow each other. */
  public static Toll median(Outage outage, Contender contender, int runs) {
    List<Toll> tolls =
        LongStream.range(outage.seed(), outage.seed() + runs)
            .parallel()
            .mapToObj(seed -> run(outage.withSeed(seed), contender))
            .toList();
    return Toll.median(tolls);
  }

  private Toll run() {
    SplittableRandom seeds = new SplittableRandom(outage.seed());
    for (int instance = 0; instance < outage.instances(); instance++) {
      new Caller(instance, seeds.split()).pause(0);
    }
    while (agenda.step()) {
      watch();
    }
    return toll();
  }

  private void watch() {
    long now = agenda.nowMillis();
    if (stoppedMillis == null && outage.isDeadAt(now) && protection.free() == 0) {
      stoppedMillis = now - outage.diesAtMillis();
    }
  }

  private Toll toll() {
    return new Toll(
        made,
        succeeded,
        failed,
        wasted,
        probes,
        refusedWell,
        refusedDead,
        refusedHealed,
        stoppedMillis,
        fullSeconds(),
        LongStream.of(reachedHealed).boxed().toList());
  }

  private @Nullable Long fullSeconds() {
    for (int second = 0; second + STRETCH <= madeHealed.length; second++) {
      long wanted = sum(madeHealed, second);
      if (wanted > 0 && sum(reachedHealed, second) >= FULL * wanted) {
        return (long) second;
      }
    }
    return null;
  }

  private static long sum(long[] perSecond, int first) {
    return LongStream.of(perSecond).skip(first).limit(STRETCH).sum();
  }

  /** One instance: an open loop. */
  private final class Caller {

    private final int instance;
    private final SplittableRandom random;

    Caller(int instance, SplittableRandom random) {
      this.instance = instance;
      this.random = random;
    }

    /** Waits until the next call is due; in fractions, so that the rate is kept. */
    void pause(double sinceMillis) {
      double next = sinceMillis - Math.log(1 - random.nextDouble()) * 1_000 / outage.rate();
      if (next < outage.endsAtMillis()) {
        agenda.at((long) next, () -> call(next));
      }
    }

    private void call(double atMillis) {
      // Drawn for every call, so that a refusal does not change the chances of the next ones.
      boolean unlucky = random.nextDouble() < outage.background();
      long ticket = protection.admit(instance);
      boolean dead = outage.isDeadAt(agenda.nowMillis());
      count(ticket == Protection.REFUSED, dead);
      if (ticket != Protection.REFUSED) {
        long millis = dead ? outage.fault().millis : Outage.ANSWER_MILLIS;
        agenda.in(millis, () -> end(ticket, dead, unlucky, millis));
      }
      pause(atMillis);
    }

    private void end(long ticket, boolean dead, boolean unlucky, long millis) {
      protection.ended(instance, ticket, dead || unlucky, millis);
      if (!dead) {
        succeeded += unlucky ? 0 : 1;
        failed += unlucky ? 1 : 0;
      }
    }
  }

  private void count(boolean refused, boolean dead) {
    made++;
    long sinceHealing = agenda.nowMillis() - outage.healsAtMillis();
    if (sinceHealing >= 0) {
      madeHealed[(int) (sinceHealing / 1_000)]++;
      reachedHealed[(int) (sinceHealing / 1_000)] += refused ? 0 : 1;
    }
    if (refused) {
      refusedWell += !dead && sinceHealing < 0 ? 1 : 0;
      refusedDead += dead ? 1 : 0;
      refusedHealed += sinceHealing >= 0 ? 1 : 0;
    } else if (dead) {
      wasted += stoppedMillis == null ? 1 : 0;
      probes += stoppedMillis == null ? 0 : 1;
    }
  }
}
