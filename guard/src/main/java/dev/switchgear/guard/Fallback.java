package dev.switchgear.guard;

/** What a caller does instead of a call that was refused or failed. */
@FunctionalInterface
public interface Fallback<T> {

  /** Gives the substitute. What it throws goes to the caller as it is. */
  T instead(Unavailable why) throws Exception;
}
