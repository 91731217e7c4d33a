package dev.switchgear.console.architecture.planted.attic;

public final class BelongsToNoModule {

  private BelongsToNoModule() {}

  public static void call() {}
}
