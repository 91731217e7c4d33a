package dev.switchgear.detector;

/**
 * What an instance knows of the whole fleet, kept up to date by followers of its topics.
 * Thread-safe.
 *
 * @param policies what holds
 * @param states what was published of each breaker
 * @param symptoms what is felt anywhere
 * @param lifesigns who lives
 */
record FleetView(
    RunningPolicies policies,
    PublishedStates states,
    PublishedSymptoms symptoms,
    Lifesigns lifesigns) {}
