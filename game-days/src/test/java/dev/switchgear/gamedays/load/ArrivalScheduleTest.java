package dev.switchgear.gamedays.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.switchgear.gamedays.load.ArrivalSchedule.Arrival;
import dev.switchgear.gamedays.load.ArrivalSchedule.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalScheduleTest {

  private static List<Arrival> arrivals(double rate, long seed, int count) {
    ArrivalSchedule schedule = new ArrivalSchedule(rate, seed);
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arrivals.add(schedule.next());
    }
    return arrivals;
  }

  @Test
  void theSameSeedGivesTheSameScheduleAndAnotherSeedAnother() {
    assertThat(arrivals(50, 7, 1_000)).isEqualTo(arrivals(50, 7, 1_000));
    assertThat(arrivals(50, 7, 1_000)).isNotEqualTo(arrivals(50, 8, 1_000));
  }

  @Test
  void timeNeverGoesBack() {
    assertThat(arrivals(500, 1, 10_000)).extracting(Arrival::atNanos).isSorted();
  }

  @Test
  void eachKindArrivesAtTheRate() {
    List<Arrival> arrivals = arrivals(50, 42, 150_000);
    double seconds = arrivals.get(arrivals.size() - 1).atNanos() / 1e9;

    for (Kind kind : Kind.values()) {
      long count = arrivals.stream().filter(arrival -> arrival.kind() == kind).count();
      assertThat(count / seconds).as(kind.name()).isCloseTo(50, within(1.0));
    }
  }

  @Test
  void gapsAreThoseOfAPoissonProcess() {
    List<Arrival> arrivals = arrivals(100, 3, 100_000);
    double mean = 1e9 / 300;
    long longerThanMean = 0;
    for (int i = 1; i < arrivals.size(); i++) {
      if (arrivals.get(i).atNanos() - arrivals.get(i - 1).atNanos() > mean) {
        longerThanMean++;
      }
    }

    assertThat((double) longerThanMean / arrivals.size()).isCloseTo(Math.exp(-1), within(0.01));
  }

  @Test
  void atFirstFewerCome() {
    List<Arrival> arrivals = arrivals(100, 3, 5_000);

    assertThat(arrived(arrivals, 0, 2)).isLessThan(arrived(arrivals, 2, 4));
    assertThat(arrived(arrivals, 2, 4)).isLessThan(arrived(arrivals, 6, 8));
    assertThat(arrived(arrivals, 6, 8)).isCloseTo(600, within(80L));
  }

  private static long arrived(List<Arrival> arrivals, int fromSecond, int toSecond) {
    return arrivals.stream()
        .filter(each -> each.atNanos() >= fromSecond * 1e9 && each.atNanos() < toSecond * 1e9)
        .count();
  }
}
