package dev.switchgear.adapters.openfeature;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvent;
import dev.openfeature.sdk.ProviderEventDetails;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * The provider under another. OpenFeature gives a provider's events only to whom it is registered
 * with, so that is an API of its own. Thread-safe.
 */
final class Beneath {

  private final FeatureProvider provider;
  private final BiConsumer<ProviderEvent, ProviderEventDetails> told;
  private final OpenFeatureAPI api = OpenFeatureAPI.createIsolated();

  /** That it is ready is news only then: whoever is initialized is. */
  private final AtomicBoolean ill = new AtomicBoolean();

  /** That it cannot be initialized is told by who asked for that. */
  private final AtomicBoolean starting = new AtomicBoolean(true);

  /**
   * Not yet initialized.
   *
   * @param told of what it tells from then on
   */
  Beneath(FeatureProvider provider, BiConsumer<ProviderEvent, ProviderEventDetails> told) {
    this.provider = provider;
    this.told = told;
  }

  FeatureProvider provider() {
    return provider;
  }

  void initialize(EvaluationContext context) {
    api.setEvaluationContext(context);
    for (ProviderEvent event : ProviderEvent.values()) {
      api.on(event, details -> tell(event, details));
    }
    try {
      api.setProviderAndWait(provider);
      starting.set(false);
    } catch (RuntimeException e) {
      ill.set(true);
      throw e;
    }
  }

  void shutdown() {
    api.shutdown();
  }

  private void tell(ProviderEvent event, ProviderEventDetails details) {
    boolean news =
        switch (event) {
          case PROVIDER_READY -> ill.getAndSet(false);
          case PROVIDER_CONFIGURATION_CHANGED -> true;
          case PROVIDER_STALE -> {
            ill.set(true);
            yield true;
          }
          case PROVIDER_ERROR -> {
            ill.set(true);
            yield !starting.getAndSet(false);
          }
        };
    if (news) {
      told.accept(event, details);
    }
  }
}
