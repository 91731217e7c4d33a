package dev.switchgear.adapters.jdbc;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Refused;
import java.sql.SQLTransientConnectionException;

/**
 * A connection or a statement was refused, and nothing was asked of the database. Transient: later
 * it may be admitted. Has no stack trace: it says where the call was refused, and that is known.
 */
public final class SqlRefusedException extends SQLTransientConnectionException implements Refused {

  private static final long serialVersionUID = 1L;

  /** The class of connections that are not to be had. */
  private static final String SQL_STATE = "08000";

  @SuppressWarnings("serial") // A record of values; it is not sent anywhere.
  private final Refusal refusal;

  SqlRefusedException(Refusal refusal) {
    this(refusal, new CallRefusedException(refusal));
  }

  private SqlRefusedException(Refusal refusal, CallRefusedException cause) {
    super(cause.getMessage(), SQL_STATE, cause);
    this.refusal = refusal;
  }

  static Attempt unlessRefused(Attempt attempt) throws SqlRefusedException {
    Refusal refusal = attempt.refusal();
    if (refusal != null) {
      throw new SqlRefusedException(refusal);
    }
    return attempt;
  }

  @Override
  public Refusal refusal() {
    return refusal;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
