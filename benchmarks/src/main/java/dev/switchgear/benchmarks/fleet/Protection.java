package dev.switchgear.benchmarks.fleet;

/** What stands between the instances and the dependency. */
interface Protection {

  /** The ticket of a call that is refused. */
  long REFUSED = -1;

  /** Decides a call of an instance: a ticket of at least 0, or {@link #REFUSED}. */
  long admit(int instance);

  /** Takes the result of an admitted call. */
  void ended(int instance, long ticket, boolean failed, long millis);

  /** Instances that let every call pass. */
  int free();
}
