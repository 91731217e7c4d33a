package dev.switchgear.gamedays.shop;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** A service as all its callers together see it. */
record Callee(Service service, List<URI> addresses, Traffic traffic, LongAdder refusedConnections) {

  Callee(Service service, List<URI> addresses) {
    this(service, List.copyOf(addresses), new Traffic(), new LongAdder());
  }
}
