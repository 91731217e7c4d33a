package dev.switchgear.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerIdTest {

  @Test
  void aPartIsNamedByItsWholeAndAMark() {
    assertThat(BreakerId.inRegion("payments/charge", "eu-west-1"))
        .contains("payments/charge@eu-west-1");
    assertThat(BreakerId.ofCaller("payments/charge", "checkout"))
        .contains("payments/charge~checkout");
    assertThat(BreakerId.ofInstance("payments/charge", "checkout", "checkout-7"))
        .contains("payments/charge~checkout#checkout-7");
    assertThat(BreakerId.ofInstance("payments", "checkout", "node-3:4711"))
        .contains("payments~checkout#node-3:4711");
    assertThat(BreakerId.whole("payments/charge@eu-west-1")).isEqualTo("payments/charge");
    assertThat(BreakerId.whole("payments/charge~checkout#checkout-7")).isEqualTo("payments/charge");
    assertThat(BreakerId.whole("payments/charge~checkout")).isEqualTo("payments/charge");
  }

  @Test
  void whatCannotBePartOfAnId_makesNone() {
    assertThat(BreakerId.inRegion("payments", null)).isEmpty();
    assertThat(BreakerId.inRegion("payments", "")).isEmpty();
    assertThat(BreakerId.ofCaller("payments", "check out")).isEmpty();
    assertThat(BreakerId.ofCaller("payments", "a@b")).isEmpty();
    assertThat(BreakerId.ofCaller("p".repeat(250), "checkout")).isEmpty();
    assertThat(BreakerId.ofInstance("payments", "check out", "checkout-7")).isEmpty();
    assertThat(BreakerId.ofInstance("payments", "checkout", "7/8")).isEmpty();
    assertThat(BreakerId.ofInstance("p".repeat(240), "checkout", "checkout-7")).isEmpty();
  }

  @Test
  void aWholeIsItsOwn() {
    assertThat(BreakerId.isPart("payments/charge")).isFalse();
    assertThat(BreakerId.isPart("payments/a@b/c")).isFalse();
    assertThat(BreakerId.isPart("@eu-west-1")).isFalse();
    assertThat(BreakerId.isPart("payments@")).isFalse();
    assertThat(BreakerId.isPart("db/Orders#find")).isFalse();
    assertThat(BreakerId.isPart("payments@eu-west-1#7")).isFalse();
    assertThat(BreakerId.isPart("payments@eu-west-1")).isTrue();
    assertThat(BreakerId.whole("payments/charge")).isEqualTo("payments/charge");
  }

  @Test
  void onlyThePartOfOneInstance_isOne() {
    assertThat(BreakerId.isInstance("payments~checkout#checkout-7")).isTrue();
    assertThat(BreakerId.isInstance("payments~checkout")).isFalse();
    assertThat(BreakerId.isInstance("db/Orders#find@eu-west-1")).isFalse();
    assertThat(BreakerId.isInstance("db/Orders#find")).isFalse();
  }

  @Test
  void theDependencyIsWhatComesBeforeTheOperation() {
    assertThat(BreakerId.dependency("payments/charge@eu-west-1")).isEqualTo("payments");
    assertThat(BreakerId.dependency("payments~checkout")).isEqualTo("payments");
    assertThat(BreakerId.dependency("payments")).isEqualTo("payments");
  }

  @Test
  void partsLieWhereTheirWholeDoes() {
    for (int i = 0; i < 100; i++) {
      String whole = "dependency-" + i;
      assertThat(BreakerId.partition(whole + "@eu", 7))
          .isEqualTo(BreakerId.partition(whole + "~checkout", 7))
          .isEqualTo(BreakerId.partition(whole + "~checkout#checkout-7", 7))
          .isEqualTo(BreakerId.partition(whole, 7));
    }
  }
}
