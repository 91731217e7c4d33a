package dev.switchgear.guard;

/** What a guard says to a call: a {@link Permit} to make it, or a {@link Refusal}. */
public sealed interface Admission permits Permit, Refusal {}
