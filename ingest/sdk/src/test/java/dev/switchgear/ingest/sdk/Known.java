package dev.switchgear.ingest.sdk;

import io.opentelemetry.sdk.resources.Resource;

/** An origin that tests know. */
final class Known {

  static final Resource RESOURCE =
      Resource.builder()
          .put("service.name", "checkout")
          .put("service.instance.id", "checkout-1")
          .put("service.version", "1.2")
          .put("cloud.availability_zone", "eu-west-1a")
          .put("cloud.region", "eu-west-1")
          .build();

  private Known() {}

  static Origins origins() {
    return new Origins(instance -> {});
  }
}
