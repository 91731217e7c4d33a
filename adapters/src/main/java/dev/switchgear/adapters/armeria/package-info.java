/**
 * Armeria's HTTP clients, guarded: {@link dev.switchgear.adapters.armeria.GuardClient} decorates
 * one, and what is called through it is decided, bounded and counted. For gRPC over Armeria, which
 * tells its errors behind a status of 200, there is the interceptor for gRPC.
 */
@NullMarked
package dev.switchgear.adapters.armeria;

import org.jspecify.annotations.NullMarked;
