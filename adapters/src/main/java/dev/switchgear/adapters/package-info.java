/**
 * Guards for the client libraries that a service uses already: its code stays as it is.
 *
 * <p>Start with {@link dev.switchgear.adapters.Guards}, which says what breaker guards which
 * request, and within what limits; then give it to the adapter of your library, each in a package
 * of its own. In: requests that the service makes. Out: the same requests, with a deadline, or a
 * refusal of the kind that the library throws; and what became of them, counted. An {@link
 * dev.switchgear.adapters.Attempt} is what adapters are made of, also ones of your own.
 *
 * <p>No adapter brings its library along: whoever uses one has it already.
 */
@NullMarked
package dev.switchgear.adapters;

import org.jspecify.annotations.NullMarked;
