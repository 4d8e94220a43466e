package weft.experiment;

import weft.fabric.Fabric;
import weft.units.Time;

/**
 * Traffic of others that shares the network from start to end, in bursts: {@code incast(8, mib(4),
 * us(200))}, or any flows again and again, {@code Traffic.permutation(16, mb(1),
 * 1).every(us(100))}. Bursts do not overlap: the next begins {@link #every} after the last began,
 * or when the last has arrived if that is later.
 */
public sealed interface Background permits Incast, Repeated {
  /** What legends call it. */
  String name();

  /** Time from one burst's start to the next. */
  Time every();

  /**
   * One burst, its flows' starts counted from its own.
   *
   * @param busy GPUs of what it is beside, the one that runs rank 0 first
   * @param fabric where they sit
   * @param seed the run's seed
   * @throws IllegalArgumentException if the fabric has not the GPUs for it
   */
  Traffic burst(int[] busy, Fabric fabric, long seed);
}
