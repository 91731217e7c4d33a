package dev.switchgear.console.architecture.planted.ingest.sdk;

import com.sun.net.httpserver.spi.HttpServerProvider;

public final class ServesHttp {

  private ServesHttp() {}

  public static HttpServerProvider provider() {
    return HttpServerProvider.provider();
  }
}
