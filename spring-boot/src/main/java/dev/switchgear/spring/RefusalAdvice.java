package dev.switchgear.spring;

import dev.switchgear.guard.HttpRefusal;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Tells HTTP clients of a refusal that reached a controller, servlet or reactive. The body says no
 * more than the status: whose breaker it is concerns nobody outside. The application's own handlers
 * come first.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class RefusalAdvice {

  /** Nothing was called. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(RefusedException refused) {
    return response(refused.refusal());
  }

  /** Nothing was called, or it took too long. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> unanswered(UnansweredException unanswered) {
    return unanswered.getCause() instanceof RefusedException refused
        ? refused(refused)
        : response(HttpStatus.GATEWAY_TIMEOUT, Map.of());
  }

  static ResponseEntity<ProblemDetail> response(Refusal refusal) {
    HttpRefusal told = HttpRefusal.of(refusal);
    return response(HttpStatusCode.valueOf(told.status()), told.headers());
  }

  /** Spring 6 and 7 agree on single headers, not on what a set of them is. */
  private static ResponseEntity<ProblemDetail> response(
      HttpStatusCode status, Map<String, String> headers) {
    ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
    headers.forEach(response::header);
    return response.body(ProblemDetail.forStatus(status));
  }
}
