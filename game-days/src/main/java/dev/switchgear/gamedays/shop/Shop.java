package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Threads;
import dev.switchgear.guard.Board;
import dev.switchgear.guard.DegradedCount;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Parking;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.Switchgear;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo shop, all of its instances in one process. Instances share nothing but the payment book,
 * which is the data base of payments: each has its own telemetry, port, Switchgear and HTTP client.
 * Thread-safe.
 */
public final class Shop implements AutoCloseable {

  /** The queue of orders that are charged later. */
  public static final String QUEUE = "orders";

  private static final Logger LOG = LoggerFactory.getLogger(Shop.class);
  private static final String VERSION = "1.0.0";

  /**
   * Threads of one checkout instance. Each waits up to {@link Peer#TIMEOUT} for a sick dependency:
   * two instances carry 150 such calls a second.
   */
  private static final int FRONT_THREADS = 144;

  /** Other services never wait: a slow one does so without a thread. */
  private static final int BACK_THREADS = 8;

  private static final int CLIENT_THREADS = 2;
  private static final Duration READY_POLL = Duration.ofMillis(20);

  private final String bootstrapServers;
  private final PaymentBook book = new PaymentBook();
  private final Map<Service, List<ServiceInstance>> instances = new EnumMap<>(Service.class);
  private final Map<Service, Callee> callees = new EnumMap<>(Service.class);
  private final Map<Service, Fault> faults = new EnumMap<>(Service.class);
  private final Map<Switchgear, Parking> gears = new LinkedHashMap<>();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private Shop(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Opens the shop.
   *
   * @param instances of each service, at least 1
   */
  public static Shop open(String bootstrapServers, int instances) {
    Shop shop = new Shop(bootstrapServers);
    try {
      shop.start(Service.PAYMENTS, instances, new Payments(shop.book));
      shop.start(Service.RECOMMENDATIONS, instances, new Recommendations());
      shop.start(Service.SEARCH, instances, new Search());
      shop.startCheckouts(instances);
      return shop;
    } catch (RuntimeException e) {
      shop.close();
      throw e;
    }
  }

  private void start(Service service, int count, Handler handler) {
    List<ServiceInstance> started = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Identity who = new Identity(service.key(), service.key() + "-" + i, VERSION);
      Telemetry telemetry = closedLater(Telemetry.start(bootstrapServers, who));
      started.add(closedLater(ServiceInstance.start(who, BACK_THREADS, telemetry, handler)));
    }
    opened(service, started);
  }

  private void startCheckouts(int count) {
    List<ServiceInstance> started = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      started.add(startCheckout(Service.CHECKOUT.key() + "-" + i));
    }
    opened(Service.CHECKOUT, started);
  }

  private ServiceInstance startCheckout(String instance) {
    Identity who = new Identity(Service.CHECKOUT.key(), instance, VERSION);
    Telemetry telemetry = closedLater(Telemetry.start(bootstrapServers, who));
    Switchgear gear = closedLater(connect(who, telemetry));
    Function<Service, Peer> peers = peers(who, telemetry);
    Parking parking = gear.parking(QUEUE, Service.PAYMENTS.breaker());
    Orders orders =
        new Orders(guard(gear, Service.PAYMENTS), parking, peers.apply(Service.PAYMENTS));
    HomePage home =
        new HomePage(guard(gear, Service.RECOMMENDATIONS), peers.apply(Service.RECOMMENDATIONS));
    SearchPage search = new SearchPage(guard(gear, Service.SEARCH), peers.apply(Service.SEARCH));
    gears.put(gear, parking);
    closedLater(gear.replay(QUEUE, Service.PAYMENTS.breaker(), orders::replay));
    Checkout checkout = new Checkout(home, search, orders);
    return closedLater(ServiceInstance.start(who, FRONT_THREADS, telemetry, checkout));
  }

  private Switchgear connect(Identity who, Telemetry telemetry) {
    return Switchgear.builder(bootstrapServers, who.service())
        .instance(who.instance())
        .version(who.version())
        .openTelemetry(telemetry.sdk())
        .build();
  }

  private static Guard guard(Switchgear gear, Service callee) {
    return gear.guard(callee.breaker()).errorTypes(CallFailedException::errorTypeOf);
  }

  private Function<Service, Peer> peers(Identity who, Telemetry telemetry) {
    ExecutorService threads = Threads.bounded(who.instance() + "-client", CLIENT_THREADS);
    closedLater(threads::shutdownNow);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Peer.TIMEOUT)
            .executor(threads)
            .build();
    return service -> new Peer(callee(service), client, telemetry);
  }

  private void opened(Service service, List<ServiceInstance> started) {
    instances.put(service, List.copyOf(started));
    callees.put(service, new Callee(service, started.stream().map(ServiceInstance::uri).toList()));
  }

  private <T extends AutoCloseable> T closedLater(T resource) {
    running.push(resource);
    return resource;
  }

  /**
   * Waits until every instance of checkout knows all breakers and what is parked.
   *
   * @return false if that takes longer than the timeout
   */
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (Map.Entry<Switchgear, Parking> each : gears.entrySet()) {
      while (!each.getKey().isReady() || !each.getValue().isCaughtUp()) {
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.sleep(READY_POLL.toNanos());
      }
    }
    return true;
  }

  /** Where customers go; a customer always goes to the same one. */
  public List<URI> front() {
    return callee(Service.CHECKOUT).addresses();
  }

  /** What each instance that has guards believes, by instance. */
  public Map<String, Board> boards() {
    Map<String, Board> boards = new TreeMap<>();
    gears.keySet().forEach(gear -> boards.put(gear.instance(), gear.board()));
    return boards;
  }

  /** From now on this is wrong with every instance of the service. */
  public synchronized void apply(Service service, Fault fault) {
    running(service).forEach(instance -> instance.apply(fault));
    faults.put(service, fault);
  }

  /** What is wrong with the service. */
  public synchronized Fault fault(Service service) {
    return faults.getOrDefault(service, Fault.NONE);
  }

  /** What has been charged. */
  public PaymentBook book() {
    return book;
  }

  /** The service's calls as its callers see them; whoever calls checkout records them here. */
  public Traffic traffic(Service service) {
    return callee(service).traffic();
  }

  /** Calls that got as far as the service: its requests, and the connections its port refused. */
  public long reached(Service service) {
    long arrived = running(service).stream().mapToLong(ServiceInstance::arrivals).sum();
    return arrived + callee(service).refusedConnections().sum();
  }

  /** Calls that guards have refused and a fallback has answered. */
  public long refused(String breaker) {
    return gears.keySet().stream()
        .flatMap(gear -> gear.degraded().stream())
        .filter(
            each ->
                each.breaker().equals(breaker) && each.because().equals(Stage.BREAKER.toString()))
        .mapToLong(DegradedCount::calls)
        .sum();
  }

  /** Closes the shop: first its front, at last its telemetry. */
  @Override
  public void close() {
    running.forEach(Shop::close);
    running.clear();
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("{} did not close cleanly", resource, e);
    }
  }

  private List<ServiceInstance> running(Service service) {
    return instances.getOrDefault(service, List.of());
  }

  private Callee callee(Service service) {
    Callee callee = callees.get(service);
    if (callee == null) {
      throw new IllegalStateException(service.key() + " is not open");
    }
    return callee;
  }
}
