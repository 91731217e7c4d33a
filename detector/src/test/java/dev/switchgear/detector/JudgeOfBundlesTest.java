package dev.switchgear.detector;

/** Nothing is different where several records are read at once. */
final class JudgeOfBundlesTest extends JudgeTest {

  @Override
  Lab begun(Lab lab) {
    lab.bundles = true;
    return lab;
  }
}
