package dev.switchgear.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells a start that failed for its configuration in a few lines, without a stack trace. */
final class MisconfiguredAnalyzer extends AbstractFailureAnalyzer<MisconfiguredException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, MisconfiguredException cause) {
    return new FailureAnalysis(cause.getMessage(), "Expected: " + cause.expected(), rootFailure);
  }
}
