package weft.train;

import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;
import weft.nn.Dataset;
import weft.sim.RandomStreams;

/**
 * Which rows each step learns: shuffled anew for every epoch, of which rows that fill no batch are
 * left out.
 *
 * @param rows of all steps, one batch after the other
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record Batches(Dataset data, int[] rows, int batch) {
  static Batches of(Dataset data, int batch, int steps, long seed) {
    RandomGenerator shuffle = new RandomStreams(seed).named("shuffle");
    int[] order = MathArrays.natural(data.size());
    int stepsPerEpoch = data.size() / batch;
    int[] rows = new int[steps * batch];
    for (int step = 0; step < steps; step++) {
      int place = step % stepsPerEpoch;
      if (place == 0) {
        MathArrays.shuffle(order, shuffle);
      }
      System.arraycopy(order, place * batch, rows, step * batch, batch);
    }
    return new Batches(data, rows, batch);
  }

  int steps() {
    return rows.length / batch;
  }
}
