package dev.switchgear.ingest.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginTest {

  @Test
  void readsWhoEmitted() {
    Texts resource =
        new Texts()
            .put("service.name", "checkout")
            .put("service.instance.id", "checkout-1")
            .put("service.version", "1.2")
            .put("cloud.availability_zone", "eu-west-1a")
            .put("cloud.region", "eu-west-1");

    assertThat(Origin.of(resource, "fallback"))
        .isEqualTo(new Origin("checkout", "checkout-1", "1.2", "eu-west-1a", "eu-west-1"));
  }

  @Test
  void anInstanceWithoutIdIsToldApartByWhatElseTellsIt() {
    Texts resource = new Texts().put("host.name", "h1").put("process.pid", 42L);
    assertThat(Origin.of(resource, "fallback").instance()).isEqualTo("h1:42");

    resource.put("k8s.pod.name", "checkout-abc");
    assertThat(Origin.of(resource, "fallback").instance()).isEqualTo("checkout-abc");
  }

  @Test
  void whoSaysNothing_isUnknown() {
    assertThat(Origin.of(new Texts(), "fallback"))
        .isEqualTo(new Origin("unknown_service", "fallback", null, null, null));
  }
}
