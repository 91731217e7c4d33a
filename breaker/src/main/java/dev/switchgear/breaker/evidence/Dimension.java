package dev.switchgear.breaker.evidence;

import org.jspecify.annotations.Nullable;

/**
 * By what callers are told apart when somebody is to blame. Of two that fit equally well the first
 * is named: a version says what to roll back, a service whom to ask.
 */
public enum Dimension {
  VERSION("in ") {
    @Override
    public @Nullable String value(Caller caller) {
      return caller.version() == null ? null : caller.service() + " " + caller.version();
    }
  },
  SERVICE("from ") {
    @Override
    public String value(Caller caller) {
      return caller.service();
    }
  },
  INSTANCE("from ") {
    @Override
    public String value(Caller caller) {
      return caller.service() + " (" + caller.instance() + ")";
    }
  },
  ZONE("in zone ") {
    @Override
    public @Nullable String value(Caller caller) {
      return caller.zone();
    }
  },
  REGION("in region ") {
    @Override
    public @Nullable String value(Caller caller) {
      return caller.region();
    }
  };

  private final String preposition;

  Dimension(String preposition) {
    this.preposition = preposition;
  }

  /** Which one of this dimension the caller is; null where nobody knows. */
  public abstract @Nullable String value(Caller caller);

  /** Where calls are that have this value, in words. */
  String place(String value) {
    return preposition + value;
  }
}
