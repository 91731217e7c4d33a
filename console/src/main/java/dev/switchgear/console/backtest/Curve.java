package dev.switchgear.console.backtest;

/** One signal over time, to be drawn. */
record Curve(String label, Column column) {}
