package weft.nn.compute;

/**
 * The workers that compute one network together with this one, as its layers see them. A call
 * returns once this worker's array holds what the exchange makes of it, or may be written again.
 */
public interface Peers {
  /** Of a worker that computes a whole network by itself. */
  Peers NONE =
      new Peers() {
        @Override
        public void exchange(Exchange what, float[] values, int count) {
          throw new IllegalStateException("a worker on its own exchanges nothing: " + what);
        }

        @Override
        public void exchange(Exchange what, double[] values, int count) {
          throw new IllegalStateException("a worker on its own exchanges nothing: " + what);
        }

        @Override
        public void exchange(Exchange what, float[] values, int[] sent, float[] to, int[] arrived) {
          throw new IllegalStateException("a worker on its own exchanges nothing: " + what);
        }

        @Override
        public void exchange(
            Exchange what, double[] values, int[] sent, double[] to, int[] arrived) {
          throw new IllegalStateException("a worker on its own exchanges nothing: " + what);
        }
      };

  /**
   * Hears that this worker has computed a layer, counted from 0, whose exchanges were made before.
   *
   * @param rows samples that went through it
   */
  default void worked(int layer, Phase phase, int rows) {}

  /** Exchanges the first {@code count} numbers of an array. */
  void exchange(Exchange what, float[] values, int count);

  /** Likewise in double precision. */
  void exchange(Exchange what, double[] values, int count);

  /**
   * Exchanges sections of any lengths with the workers that have the other experts of a layer. To
   * experts there is a section for each, {@code [experts]}, and a worker has neighbouring ones;
   * they arrive as {@code [own experts][workers]}, by whom they come from. From experts it is the
   * other way round.
   *
   * @param values the sections that leave, one after the other
   * @param sent how many numbers each has
   * @param to where the sections that arrive go, one after the other
   * @param arrived where it is written how many numbers each has
   */
  void exchange(Exchange what, float[] values, int[] sent, float[] to, int[] arrived);

  /** Likewise in double precision. */
  void exchange(Exchange what, double[] values, int[] sent, double[] to, int[] arrived);
}
