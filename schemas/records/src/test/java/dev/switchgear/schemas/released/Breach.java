package dev.switchgear.schemas.released;

/**
 * What about a schema must not be so.
 *
 * @param where record and field, or enum
 * @param what what is wrong, and who suffers
 * @param remedy what to do about it
 */
record Breach(String where, String what, String remedy) {

  @Override
  public String toString() {
    return where + ": " + what + ". Remedy: " + remedy + ".";
  }
}
