/**
 * gRPC clients, guarded: {@link dev.switchgear.adapters.grpc.GuardClientInterceptor} goes into a
 * channel or a stub, and what is called through that is decided, bounded and counted.
 */
@NullMarked
package dev.switchgear.adapters.grpc;

import org.jspecify.annotations.NullMarked;
