/**
 * The demo shop: checkout in front of payments, recommendations and search, each in several
 * instances with their own telemetry, talking HTTP.
 *
 * <p>Start with {@link dev.switchgear.gamedays.shop.Shop}. What a caller of Switchgear writes is in
 * {@code Orders} (guard, park, replay), {@code HomePage} and {@code SearchPage} (guard, fall back).
 * {@link dev.switchgear.gamedays.shop.PaymentBook} is the shop's own record of what was charged and
 * knows nothing of Switchgear.
 */
@NullMarked
package dev.switchgear.gamedays.shop;

import org.jspecify.annotations.NullMarked;
