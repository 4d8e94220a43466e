package weft.train;

import org.jspecify.annotations.Nullable;
import weft.experiment.NetworkLoad;

/**
 * What the simulated half of a training came to.
 *
 * @param times clock of every step
 * @param missed by gradient, how many updates it knew nothing of; empty where all are exchanged
 *     together
 * @param load port counters, {@code null} when one worker trained without a network
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record Timing(StepTimes times, int[] missed, @Nullable NetworkLoad load) {}
