package dev.switchgear.spring;

import dev.switchgear.adapters.CallRefusedException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Tells HTTP clients of a refusal by a client of the adapters, as {@link RefusalAdvice} does of one
 * by a guard. Whatever exception a library's caller gets, a {@link CallRefusedException} is it or
 * among its causes, which Spring looks through.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class CallRefusalAdvice {

  /** Nothing was sent. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(CallRefusedException refused) {
    return RefusalAdvice.response(refused.refusal());
  }
}
