/**
 * History in files: reads what was measured, writes what the brain makes of it.
 *
 * <p>{@link dev.switchgear.console.backtest.History} comes in, {@link
 * dev.switchgear.console.backtest.HindsightJson} (for programs) and {@link
 * dev.switchgear.console.backtest.HindsightPage} (for people) go out. docs/backtest.md is the
 * promise about their formats.
 */
@NullMarked
package dev.switchgear.console.backtest;

import org.jspecify.annotations.NullMarked;
