package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OwnItemsTest {

  private final OwnItems own = new OwnItems();

  @Test
  void aKeyIsHeldFromBeforeItsItemIsSentUntilItIsReadBack() {
    assertThat(own.add("1", "anna", 0)).isTrue();
    assertThat(own.holds("anna", 0)).isTrue();
    assertThat(own.holds("bert", 0)).isFalse();

    own.remove("1");
    assertThat(own.holds("anna", 0)).isFalse();
  }

  @Test
  void inDoubt_aKeyIsHeldUntilTheItemCanNoLongerCome() {
    own.add("1", "anna", 0);
    own.doubt("1", 0);

    assertThat(own.holds("anna", Duration.ofSeconds(119).toNanos())).isTrue();
    assertThat(own.holds("anna", Duration.ofSeconds(121).toNanos())).isFalse();
  }

  @Test
  void allInDoubt_noKeyIsHeldForLonger() {
    own.add("1", "anna", 0);
    own.doubtAll(0);

    assertThat(own.holds("anna", Duration.ofSeconds(119).toNanos())).isTrue();
    assertThat(own.holds("anna", Duration.ofSeconds(121).toNanos())).isFalse();
  }

  @Test
  void inDoubtAndThenReadBack_theKeyIsTheLedgersMatter() {
    own.add("1", "anna", 0);
    own.doubt("1", 0);
    own.remove("1");

    assertThat(own.holds("anna", 0)).isFalse();
  }

  @Test
  void moreThanReadingBackExplains_areRefused() {
    for (int i = 0; i < OwnItems.LIMIT; i++) {
      assertThat(own.add("" + i, "anna", 0)).isTrue();
    }

    assertThat(own.add("one more", "anna", 0)).isFalse();
  }
}
