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
      };

  /** Exchanges the first {@code count} numbers of an array. */
  void exchange(Exchange what, float[] values, int count);

  /** Likewise in double precision. */
  void exchange(Exchange what, double[] values, int count);
}
