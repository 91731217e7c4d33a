package dev.switchgear.ingest.gateway;

import com.sun.net.httpserver.HttpServer;
import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Plan;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An OTLP server that writes to Kafka. Stateless: run as many as the traffic asks for.
 *
 * <p>A request is acknowledged once Kafka has its records. Until then the sender keeps them, and
 * sends them again when told so, as every OpenTelemetry SDK and collector does. Thread-safe.
 */
public final class Gateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private static final String ROLE = "gateway";
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int BUFFER_BYTES = 32 << 20;

  /** Twice this and a margin is less than the ten seconds that senders wait. */
  private static final Duration DELIVERY = Duration.ofSeconds(4);

  /** As many again as may wait for Kafka, so that there is a thread to refuse the others. */
  private static final int THREADS = 2 * OtlpHandler.REQUESTS;

  /** Connections with a request that waits for a thread; beyond it no new one is accepted. */
  private static final int WAITING = 256;

  private static final int THREAD_IDLE_SECONDS = 30;

  private final HttpServer server;
  private final ExecutorService threads;
  private final OtlpHandler handler;
  private final Outlet outlet;

  private Gateway(HttpServer server, Outlet outlet, OtlpHandler handler) {
    this.server = server;
    this.outlet = outlet;
    this.handler = handler;
    this.threads = threads();
  }

  /**
   * Starts serving, also while Kafka cannot be reached.
   *
   * @throws GatewayAddressException if it cannot listen at the address
   * @throws IllegalArgumentException if a Kafka setting cannot be
   */
  public static Gateway start(GatewaySettings settings) {
    Map<String, Object> kafka = new HashMap<>(settings.kafka());
    kafka.put("bootstrap.servers", settings.bootstrapServers());
    Plan plan = new Plan(ROLE, HEARTBEAT, BUFFER_BYTES, DELIVERY, kafka);
    HttpServer server = listen(settings.host(), settings.port());
    Outlet outlet = Outlet.open(plan);
    outlet.introduce(hostName() + ":" + server.getAddress().getPort());
    OtlpHandler handler = new OtlpHandler(outlet, settings.bodyLimitBytes());
    Gateway gateway = new Gateway(server, outlet, handler);
    server.setExecutor(gateway.threads);
    server.createContext("/", handler);
    server.start();
    return gateway;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Records dropped since the start: impossible ones, and those whose senders were told so. */
  public long dropped() {
    return outlet.dropped();
  }

  /** Finishes the requests under way and stops, within 15 seconds. */
  @Override
  public void close() {
    handler.close();
    server.stop(0);
    threads.shutdown();
    outlet.close();
  }

  private static HttpServer listen(String host, int port) {
    HttpLimits.set();
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw GatewayAddressException.unusable(host, port, null);
    }
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      throw isMine(address)
          ? GatewayAddressException.taken(host, port, e)
          : GatewayAddressException.unusable(host, port, e);
    } catch (IOException e) {
      throw GatewayAddressException.unusable(host, port, e);
    }
  }

  private static boolean isMine(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    try {
      return ip.isAnyLocalAddress() || NetworkInterface.getByInetAddress(ip) != null;
    } catch (SocketException e) {
      LOG.debug("Cannot list the network interfaces", e);
      return true;
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("This machine does not know its name", e);
      return ROLE;
    }
  }

  /**
   * Whatever finds no thread is read by the accepting one, so nothing new is accepted meanwhile.
   */
  private static ExecutorService threads() {
    AtomicInteger made = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          Thread thread = new Thread(task, "switchgear-gateway-" + made.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            factory,
            new ThreadPoolExecutor.CallerRunsPolicy());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
