/**
 * The JDK's own HTTP client, guarded: {@link dev.switchgear.adapters.jdk.GuardedHttpClient} is an
 * {@code HttpClient} around one, so that code which uses it stays as it is.
 */
@NullMarked
package dev.switchgear.adapters.jdk;

import org.jspecify.annotations.NullMarked;
