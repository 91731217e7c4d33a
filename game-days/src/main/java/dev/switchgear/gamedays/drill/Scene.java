package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.load.LoadGenerator;
import dev.switchgear.gamedays.load.LoadSettings;
import dev.switchgear.gamedays.load.Tally;
import dev.switchgear.gamedays.shop.Service;
import dev.switchgear.gamedays.shop.Shop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that runs during a game day: the shop, its customers, and those who watch. */
final class Scene implements AutoCloseable {

  static final List<Service> DEPENDENCIES =
      List.of(Service.PAYMENTS, Service.RECOMMENDATIONS, Service.SEARCH);

  private final DemoSettings settings;
  private final Shop shop;
  private final Watch watch;
  private final Snapshots snapshots;
  private @Nullable LoadGenerator load;

  private Scene(DemoSettings settings, DemoView view, Shop shop) {
    this.settings = settings;
    this.shop = shop;
    Set<String> breakers =
        DEPENDENCIES.stream().map(Service::breaker).collect(Collectors.toUnmodifiableSet());
    Map<String, Object> kafka = Map.of("bootstrap.servers", settings.bootstrapServers());
    this.watch = Watch.start(kafka, breakers, shop.boards(), view::transition);
    this.snapshots = new Snapshots(shop, settings.instances(), watch, view);
  }

  /** Opens the shop; nobody comes yet. */
  static Scene open(DemoSettings settings, DemoView view) {
    return new Scene(settings, view, Shop.open(settings.bootstrapServers(), settings.instances()));
  }

  Shop shop() {
    return shop;
  }

  Watch watch() {
    return watch;
  }

  /** Waits until all that Switchgear has published is known; false if that takes too long. */
  boolean awaitReady(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean ready = shop.awaitReady(timeout);
    return watch.awaitCaughtUp(Duration.ofNanos(deadline - System.nanoTime())) && ready;
  }

  /** Customers come, if they are not there, and what they send from now on counts here. */
  synchronized void countInto(Tally tally) {
    snapshots.show(tally.act());
    if (load == null) {
      String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
      LoadSettings customers =
          new LoadSettings(shop.front(), settings.ratePerSecond(), settings.seed(), run);
      load = LoadGenerator.start(customers, shop.traffic(Service.CHECKOUT), tally);
    } else {
      load.countInto(tally);
    }
  }

  @Override
  public synchronized void close() {
    if (load != null) {
      load.close();
    }
    snapshots.close();
    watch.close();
    shop.close();
  }
}
