package dev.switchgear.detector;

/** Nothing is different where several records are read at once. */
final class SpanLaneOfBundlesTest extends SpanLaneTest {

  @Override
  Lab begun(Lab lab) {
    lab.bundles = true;
    return lab;
  }
}
