/**
 * Bulkheads whose size is learned by Netflix's concurrency-limits: {@link
 * dev.switchgear.adapters.concurrencylimits.LearnedLimit} makes of any of its limits one that a
 * guard's bulkhead goes by.
 */
@NullMarked
package dev.switchgear.adapters.concurrencylimits;

import org.jspecify.annotations.NullMarked;
