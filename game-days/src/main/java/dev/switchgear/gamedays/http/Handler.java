package dev.switchgear.gamedays.http;

import java.util.concurrent.CompletionStage;

/** Answers requests; may block, or complete later on another thread. */
@FunctionalInterface
public interface Handler {

  CompletionStage<Reply> handle(Request request);
}
