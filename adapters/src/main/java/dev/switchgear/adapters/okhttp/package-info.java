/**
 * OkHttp, guarded: {@link dev.switchgear.adapters.okhttp.GuardInterceptor} goes into a client, and
 * what is called through that, by Retrofit as well, is decided, bounded and counted. For OkHttp 4
 * and 5.
 */
@NullMarked
package dev.switchgear.adapters.okhttp;

import org.jspecify.annotations.NullMarked;
