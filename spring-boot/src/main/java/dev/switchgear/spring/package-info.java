/**
 * Switchgear in Spring Boot 3 and 4: guards as annotations and properties.
 *
 * <p>Start with {@link dev.switchgear.spring.WithGuard}, which puts a guard around a method, and
 * {@code switchgear.*} in {@code application.yaml}, which says what it does. {@link
 * dev.switchgear.spring.ConfiguredGuards} gives the same guards to code that makes its calls
 * itself.
 *
 * <p>In: properties, annotated beans, an {@code OpenTelemetry} if there is one. Out: one {@code
 * Switchgear} bean that connects in the background; the endpoint {@code /actuator/switchgear}, a
 * health contributor, Micrometer meters; 429 and 503 with {@code Retry-After} for what a guard
 * refused. Whatever of this is not on the class path is left out.
 */
@NullMarked
package dev.switchgear.spring;

import org.jspecify.annotations.NullMarked;
