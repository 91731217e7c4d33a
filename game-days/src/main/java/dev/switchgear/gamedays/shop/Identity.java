package dev.switchgear.gamedays.shop;

/**
 * Who a service instance is in telemetry.
 *
 * @param instance unique in the service
 */
record Identity(String service, String instance, String version) {}
