/**
 * Databases, guarded: {@link dev.switchgear.adapters.jdbc.GuardedDataSource} stands between a
 * service and its connection pool, or its two pools: what reads and what writes have a {@link
 * dev.switchgear.adapters.jdbc.Lane} each, so that neither can starve the other.
 *
 * <p>In: connections asked for, and statements. Out: the same, counted, or a refusal as a transient
 * {@code SQLException}. Nothing but {@code java.sql}.
 */
@NullMarked
package dev.switchgear.adapters.jdbc;

import org.jspecify.annotations.NullMarked;
