package weft.train;

import org.jspecify.annotations.Nullable;
import weft.experiment.NetworkLoad;

/**
 * What the simulated half of a training came to.
 *
 * @param times clock of every step
 * @param load port counters, {@code null} when one worker trained without a network
 */
record Timing(StepTimes times, @Nullable NetworkLoad load) {}
