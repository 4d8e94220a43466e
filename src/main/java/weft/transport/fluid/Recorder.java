package weft.transport.fluid;

import static weft.units.Units.seconds;

import weft.units.Check;
import weft.units.Time;

/** Samples of an integration. */
final class Recorder {
  private static final int SAMPLES = 2000;
  private static final Time LONGEST = seconds(10);

  private Recorder() {}

  /**
   * Integrates and samples.
   *
   * @param width variables of a flow, its rate first; the queue in bytes comes after all flows
   * @param bits what a rate is multiplied with to be in bit/s
   */
  static Trajectory run(
      DelayedSystem system, Time length, String name, int width, int flows, double bits) {
    Check.notNull("the length of a run", length, "write for example ms(50)");
    if (length.ps() <= 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a fluid model runs for some time, at most %s, but its length was %s: write for example ms(50)"
              .formatted(LONGEST, length));
    }
    var steps = new Steps(system);
    double[] seconds = new double[SAMPLES + 1];
    double[] queue = new double[SAMPLES + 1];
    double[][] rates = new double[flows][SAMPLES + 1];
    for (int i = 0; i <= SAMPLES; i++) {
      seconds[i] = length.seconds() * i / SAMPLES;
      steps.until(seconds[i]);
      double[] state = steps.state();
      for (int f = 0; f < flows; f++) {
        rates[f][i] = state[width * f] * bits;
      }
      queue[i] = state[width * flows];
    }
    return new Trajectory(name, seconds, queue, rates);
  }
}
