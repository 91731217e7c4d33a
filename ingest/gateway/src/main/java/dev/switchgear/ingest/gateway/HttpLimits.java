package dev.switchgear.ingest.gateway;

/**
 * Limits of the JDK's HTTP server that can only be set for the whole process, before its first
 * server. What somebody has set already stays.
 */
final class HttpLimits {

  private static final int SECONDS_TO_READ_A_REQUEST = 30;
  private static final int SECONDS_TO_WRITE_A_RESPONSE = 30;
  private static final int CONNECTIONS = 1_024;

  private HttpLimits() {}

  static void set() {
    setIfUnset("sun.net.httpserver.maxReqTime", SECONDS_TO_READ_A_REQUEST);
    setIfUnset("sun.net.httpserver.maxRspTime", SECONDS_TO_WRITE_A_RESPONSE);
    setIfUnset("jdk.httpserver.maxConnections", CONNECTIONS);
  }

  private static void setIfUnset(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }
}
