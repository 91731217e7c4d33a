/**
 * The check that no schema changes in a way that programs or records already in the world could not
 * survive.
 *
 * <p>Start with {@link dev.switchgear.schemas.released.ReleasedSchemasTest}. In go the schemas of
 * this build and every set released before, kept under {@code src/released}; out comes each {@link
 * dev.switchgear.schemas.released.Breach} with its remedy. How to release a set is said there too.
 */
@NullMarked
package dev.switchgear.schemas.released;

import org.jspecify.annotations.NullMarked;
