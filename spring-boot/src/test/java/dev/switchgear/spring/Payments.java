package dev.switchgear.spring;

import dev.switchgear.guard.Failure;
import dev.switchgear.guard.Guarded;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Unavailable;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A client of a dependency, guarded in every way there is. Each method has a breaker of its own.
 */
class Payments {

  static final String DOWN = "down";
  static final ContextKey<String> WHO = ContextKey.named("who");

  private final AtomicInteger calls = new AtomicInteger();
  private final CompletableFuture<String> unanswered = new CompletableFuture<>();

  @WithGuard(value = "payments/charge", fallback = "pending")
  String charge(String order) throws IOException {
    return charged(order);
  }

  @SuppressWarnings("UnusedMethod") // It is called by its name.
  private String pending(String order, Unavailable why) {
    return "pending " + order + " because " + told(why);
  }

  @WithGuard("payments/plain")
  String plain(String order) throws IOException {
    return charged(order);
  }

  @WithGuard("payments/declared")
  String declared(String order) throws IOException, RefusedException {
    return charged(order);
  }

  @WithGuard("slow")
  String slow() throws InterruptedException {
    new CountDownLatch(1).await();
    return "never";
  }

  @WithGuard(value = "twice", fallback = "sorry")
  String twice(String order) throws IOException {
    if (calls.incrementAndGet() == 1) {
      throw new IOException();
    }
    return charged(order);
  }

  int calls() {
    return calls.get();
  }

  CompletableFuture<String> unanswered() {
    return unanswered;
  }

  String sorry() {
    return "sorry";
  }

  @WithGuard("limited")
  String limited() {
    return "within the limit";
  }

  @WithGuard("fleet-limited")
  String fleetLimited() {
    return "within the share";
  }

  @WithGuard("gold")
  String gold() throws RefusedException {
    return "of tier gold";
  }

  @WithGuard("tiered")
  String tiered() throws RefusedException {
    return "of whatever tier";
  }

  @WithGuard(value = "payments/stage", fallback = "later")
  CompletionStage<String> stage(String order) throws IOException {
    return CompletableFuture.completedFuture(charged(order));
  }

  @WithGuard(value = "payments/future", fallback = "later")
  CompletableFuture<String> future() {
    return unanswered;
  }

  CompletableFuture<String> later(Unavailable why) {
    return CompletableFuture.completedFuture("later because " + told(why));
  }

  @WithGuard(value = "payments/mono", fallback = "laterMono")
  Mono<String> mono(String order) {
    return Mono.fromCallable(() -> charged(order));
  }

  Mono<String> laterMono(String order, Unavailable why) {
    return Mono.just("later " + order + " because " + told(why));
  }

  @WithGuard("payments/plain-mono")
  Mono<String> plainMono() {
    return Mono.just("answer");
  }

  @WithGuard(value = "payments/flux", fallback = "laterFlux")
  Flux<String> flux(String order) {
    return order.equals("half")
        ? Flux.concat(Flux.just("first"), Flux.error(new IOException()))
        : Mono.fromCallable(() -> charged(order)).flux();
  }

  @WithGuard(value = "flux-again", fallback = "laterFlux")
  Flux<String> fluxAgain(int failing, AtomicInteger made) {
    return made.incrementAndGet() <= failing
        ? Flux.error(new IOException())
        : Flux.just("first", "second");
  }

  @WithGuard(value = "flux-again", fallback = "laterFlux")
  Flux<String> fluxHalf(AtomicInteger made) {
    made.incrementAndGet();
    return Flux.concat(Flux.just("first"), Flux.error(new IOException()));
  }

  @WithGuard(value = "flux-again", fallback = "laterFlux")
  Flux<String> fluxOpening(AtomicInteger made, Runnable opening) {
    made.incrementAndGet();
    opening.run();
    return Flux.error(new IOException());
  }

  @WithGuard(value = "degrading", fallback = "laterFlux")
  Flux<String> degrading() {
    return Flux.error(new IOException());
  }

  @WithGuard(value = "elsewhere", fallback = "forWhom")
  Flux<String> failingElsewhere() {
    return Mono.delay(Duration.ZERO).thenMany(Flux.error(new IOException()));
  }

  Flux<String> forWhom() {
    return Flux.just("instead for " + Context.current().get(WHO));
  }

  @WithGuard(value = "silent", fallback = "blocking")
  Flux<String> silentAndBlocking() {
    return Flux.never();
  }

  Flux<String> blocking() {
    return Flux.just(String.valueOf(Mono.just("blocked").delayElement(Duration.ZERO).block()));
  }

  @WithGuard("recommended")
  Flux<String> recommended() {
    return Flux.never();
  }

  Flux<String> laterFlux(Unavailable why) {
    return Flux.just("later because " + told(why));
  }

  @WithGuard("silent")
  Flux<String> silent() {
    return Flux.never();
  }

  @WithGuard("single")
  Flux<String> single() {
    return Flux.concat(Flux.just("first"), Flux.never());
  }

  @WithGuard("first")
  Flux<String> begun() {
    return Flux.concat(Flux.just("first"), Flux.never());
  }

  @WithGuard("unlinked")
  Flux<String> unlinked() {
    throw new NoClassDefFoundError("Card");
  }

  @WithGuard("slow")
  CompletableFuture<String> slowFuture() {
    return new CompletableFuture<>();
  }

  @WithGuard("slow")
  Mono<String> slowMono() {
    return Mono.never();
  }

  @WithGuard("twin")
  CompletableFuture<String> heldTwin() {
    return new CompletableFuture<>();
  }

  @WithGuard("twin")
  String twin() {
    return "answer";
  }

  @WithGuard("endless")
  Flux<String> endless() {
    return Flux.never();
  }

  @WithGuard("marked")
  Flux<Boolean> marked() {
    return Flux.defer(() -> Flux.just(Context.current().get(Guarded.KEY) != null));
  }

  @WithGuard("ending")
  Flux<String> ending(Throwable thrown) {
    return Flux.error(thrown);
  }

  private static String charged(String order) throws IOException {
    if (order.equals(DOWN)) {
      throw new IOException("payments are down");
    }
    return "charged " + order;
  }

  private static String told(Unavailable why) {
    return why instanceof Refusal refusal
        ? "refused by " + refusal.stage()
        : ((Failure) why).errorType();
  }
}
