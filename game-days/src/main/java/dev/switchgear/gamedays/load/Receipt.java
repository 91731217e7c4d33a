package dev.switchgear.gamedays.load;

import dev.switchgear.gamedays.shop.Order;

/**
 * An order the shop has accepted.
 *
 * @param parked to be charged later, the shop said
 */
public record Receipt(Order order, boolean parked) {}
