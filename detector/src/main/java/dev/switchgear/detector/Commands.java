package dev.switchgear.detector;

import dev.switchgear.breaker.Command;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.streams.BadRecordException;
import org.jspecify.annotations.Nullable;

/** What an operator asks, once it is known to make sense. */
final class Commands {

  private static final int LONGEST_WHY = 1_000;

  private Commands() {}

  /**
   * The command as the brain knows it.
   *
   * @throws BadRecordException if anything of it is absurd
   */
  static Command of(@Nullable String key, OperatorCommand command) {
    String breaker = command.getBreaker();
    Names.check("breaker", breaker);
    if (!breaker.equals(key)) {
      throw Names.bad("breaker", breaker, "the key of the record, " + key);
    }
    Names.check("who", command.getWho());
    int why = command.getWhy().length();
    if (why > LONGEST_WHY) {
      throw Names.bad("why", why + " characters", "0.." + LONGEST_WHY);
    }
    try {
      return new Command(
          kind(command.getKind()),
          command.getWho(),
          command.getWhy(),
          command.getIssuedAtMillis(),
          command.getUntilMillis());
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Command.Kind kind(CommandKind kind) {
    return switch (kind) {
      case HOLD_OPEN -> Command.Kind.HOLD_OPEN;
      case HOLD_CLOSED -> Command.Kind.HOLD_CLOSED;
      case SHADOW -> Command.Kind.SHADOW;
      case RELEASE -> Command.Kind.RELEASE;
      case UNKNOWN -> throw Names.bad("kind", kind, "HOLD_OPEN, HOLD_CLOSED, SHADOW or RELEASE");
    };
  }
}
