package dev.switchgear.guard;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the thread that set it when its time is over, and never later: once {@link #end} has
 * returned, no interrupt of the alarm is left behind nor on its way. One that somebody else sent
 * stays, unless it came while the alarm's own was pending: a thread has one flag for both.
 */
final class Alarm implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  private enum Course {
    SET,
    RINGING,
    RANG,
    ENDED
  }

  private final Thread thread = Thread.currentThread();
  private final AtomicReference<Course> course = new AtomicReference<>(Course.SET);
  private volatile boolean interrupted;

  private Alarm() {}

  /** An alarm for this thread, and what calls it off. */
  record Set(Alarm alarm, Future<?> pending) {

    /** Whether the time was over. To be called once, by the thread that set it. */
    boolean end() {
      pending.cancel(false);
      return alarm.end();
    }
  }

  static Set in(long nanos) {
    Alarm alarm = new Alarm();
    return new Set(alarm, Timers.after(nanos, alarm));
  }

  @Override
  public void run() {
    if (course.compareAndSet(Course.SET, Course.RINGING)) {
      if (!thread.isInterrupted()) {
        interrupted = true;
        thread.interrupt();
      }
      course.set(Course.RANG);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Ringing takes a microsecond.
  private boolean end() {
    if (course.compareAndSet(Course.SET, Course.ENDED)) {
      return false;
    }
    while (course.get() != Course.RANG) {
      Thread.onSpinWait();
    }
    if (interrupted) {
      clear();
    }
    return true;
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // It was the alarm's own.
  private static void clear() {
    boolean pending = Thread.interrupted();
    LOG.trace("The call had {} the interrupt", pending ? "left" : "taken");
  }
}
