package dev.switchgear.benchmarks.detector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapTrialIT {

  @Test
  void everyBreakerThatIsCalledIsJudged() throws Exception {
    HeapTrial.Result result = HeapTrial.run(50);

    assertThat(result.wanted()).isEqualTo(50);
    assertThat(result.judged()).isEqualTo(50);
  }
}
