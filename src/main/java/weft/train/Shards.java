package weft.train;

/** How an epoch is cut into steps and a step's batch into the workers' parts. */
final class Shards {
  private Shards() {}

  /** Steps of one epoch; the last may have a smaller batch. */
  static int stepsPerEpoch(int samples, int batch) {
    return (samples + batch - 1) / batch;
  }

  /** First of worker {@code w}'s samples in a batch; parts differ by at most one sample. */
  static int bound(int w, int workers, int batch) {
    return (int) ((long) w * batch / workers);
  }

  /** Samples of each worker in each step: {@code [step][worker]}. */
  static int[][] sizes(int samples, int batch, int epochs, int workers) {
    int stepsPerEpoch = stepsPerEpoch(samples, batch);
    int[][] sizes = new int[stepsPerEpoch * epochs][workers];
    for (int step = 0; step < sizes.length; step++) {
      int size = Math.min(batch, samples - step % stepsPerEpoch * batch);
      for (int w = 0; w < workers; w++) {
        sizes[step][w] = bound(w + 1, workers, size) - bound(w, workers, size);
      }
    }
    return sizes;
  }
}
