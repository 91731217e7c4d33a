package dev.switchgear.guard;

/** Why a fallback is asked: the call was refused, or it was made and failed. */
public sealed interface Unavailable permits Refusal, Failure {

  /** The breaker that stands for the dependency. */
  String breaker();
}
