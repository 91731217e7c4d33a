package dev.switchgear.benchmarks.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeapTrialIT {

  @Test
  void everyBreakerThatIsCalledIsJudged() throws Exception {
    List<HeapTrial.Result> results = HeapTrial.run(List.of(50, 70));

    assertThat(results).extracting(HeapTrial.Result::wanted).containsExactly(50, 70);
    assertThat(results).extracting(HeapTrial.Result::judged).containsExactly(50, 70);
  }
}
