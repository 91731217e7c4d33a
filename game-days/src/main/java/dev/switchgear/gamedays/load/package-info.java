/**
 * Customers: an open loop of requests whose arrival does not depend on how fast they are answered,
 * and the receipts they keep.
 *
 * <p>Start with {@link dev.switchgear.gamedays.load.LoadGenerator}; what was answered is counted
 * into a {@link dev.switchgear.gamedays.load.Tally}.
 */
@NullMarked
package dev.switchgear.gamedays.load;

import org.jspecify.annotations.NullMarked;
