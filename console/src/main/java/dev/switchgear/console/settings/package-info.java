/**
 * What an operator may set, and where it was set.
 *
 * <p>Start with {@link dev.switchgear.console.settings.Settings}: the built-in values, overridden
 * by a properties file, by environment variables and by flags, in this order. {@link
 * dev.switchgear.console.settings.SettingCatalogue} lists every key; {@link
 * dev.switchgear.console.settings.Settings#bind} makes the settings record of an app out of them.
 * Whatever is wrong ends in a {@link dev.switchgear.console.settings.SettingException} that names
 * the place, the value and what was expected.
 */
@NullMarked
package dev.switchgear.console.settings;

import org.jspecify.annotations.NullMarked;
