package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The heads of self-attention for some steps of a sequence, of which other workers have the others:
 * keys and values of all steps are gathered, and their gradients scattered (Llama Team, 2024,
 * section 3.3.2). What is gathered is not kept: the backward pass gathers it again. Parameters:
 * those of {@link FloatProjectedHeads}.
 */
public final class FloatContextHeads extends FloatProjectedHeads {
  private final int rank;
  private final int ranks;

  /** Of the values of all steps, query by query, head by head. */
  private final float[] weights;

  private final float[] slopes;

  /** Keys beside values, worker by worker, sample by sample, step by step. */
  private final float[] gathered;

  private final float[] gatheredGradient;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param steps of each worker
   * @param ins numbers of a step that feed the heads
   * @param width numbers of a step of all heads together
   * @param heads a divisor of {@code width}
   * @param causal whether a step sees itself and earlier steps alone
   * @param rank which steps are here: {@code rank * steps} of a sequence and those after it
   * @param ranks workers that have steps of the same sequences
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatContextHeads(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int width,
      int heads,
      boolean causal,
      int rank,
      int ranks,
      float[] in,
      float @Nullable [] inGradient) {
    super(work, offset, steps, ins, width, heads, causal, in, inGradient);
    this.rank = rank;
    this.ranks = ranks;
    weights = work.perSample(heads * steps * steps * ranks);
    slopes = new float[steps * steps * ranks];
    gathered = work.shared(2, ranks * work.rows() * steps * 2 * width);
    gatheredGradient = work.shared(3, gathered.length);
  }

  private int section(int rows) {
    return rows * steps * 2 * width;
  }

  private void gather(int rows) {
    int section = section(rows);
    for (int step = 0; step < rows * steps; step++) {
      int from = step * 3 * width + width;
      int to = rank * section + step * 2 * width;
      System.arraycopy(projected, from, gathered, to, 2 * width);
    }
    work.peers().exchange(Exchange.GATHER_KEYS_AND_VALUES, gathered, ranks * section);
  }

  /** Where a worker's keys for a head of a sample begin; values follow a width later. */
  private int keys(int rows, int source, int row, int head) {
    return source * section(rows) + row * steps * 2 * width + head * size;
  }

  /** How many workers have steps that are seen from here: later ones are not, if causal. */
  private int sources() {
    return causal ? rank + 1 : ranks;
  }

  @Override
  void mix(int rows) {
    gather(rows);
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < heads; head++) {
        forward(rows, row, head);
      }
    }
  }

  private void forward(int rows, int row, int head) {
    int all = steps * ranks;
    int q = row * steps * 3 * width + head * size;
    int at = (row * heads + head) * steps * all;
    for (int s = 0; s < sources(); s++) {
      int k = keys(rows, s, row, head);
      FloatMatrix.multiply(
          false,
          true,
          steps,
          steps,
          size,
          projected,
          q,
          3 * width,
          gathered,
          k,
          2 * width,
          0,
          weights,
          at + s * steps,
          all);
    }
    for (int query = 0; query < steps; query++) {
      softmax(at + query * all, causal ? rank * steps + query + 1 : all, all);
    }
    int o = row * steps * width + head * size;
    for (int s = 0; s < sources(); s++) {
      int v = keys(rows, s, row, head) + width;
      FloatMatrix.multiply(
          false,
          false,
          steps,
          size,
          steps,
          weights,
          at + s * steps,
          all,
          gathered,
          v,
          2 * width,
          s == 0 ? 0 : 1,
          mixed,
          o,
          width);
    }
  }

  /** Of the first {@code seen} of a query's numbers; the others get weight 0. */
  private void softmax(int from, int seen, int all) {
    float[] w = weights;
    float top = FloatRows.max(w, from, seen);
    for (int i = from; i < from + seen; i++) {
      w[i] = (w[i] - top) * scale;
    }
    FloatMath.exp(w, w, from, from + seen);
    Arrays.fill(w, from + seen, from + all, 0);
    float share = 1 / FloatRows.sum(w, from, seen);
    for (int i = from; i < from + seen; i++) {
      w[i] *= share;
    }
  }

  @Override
  void mixBackward(int rows) {
    gather(rows);
    int section = section(rows);
    Arrays.fill(gatheredGradient, 0, ranks * section, 0);
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < heads; head++) {
        backward(rows, row, head);
      }
    }
    work.peers()
        .exchange(Exchange.SCATTER_KEY_AND_VALUE_GRADIENTS, gatheredGradient, ranks * section);
    for (int step = 0; step < rows * steps; step++) {
      int from = rank * section + step * 2 * width;
      int to = step * 3 * width + width;
      System.arraycopy(gatheredGradient, from, projectedGradient, to, 2 * width);
    }
  }

  private void backward(int rows, int row, int head) {
    int all = steps * ranks;
    int at = (row * heads + head) * steps * all;
    int o = row * steps * width + head * size;
    for (int s = 0; s < sources(); s++) {
      int k = keys(rows, s, row, head);
      valuesGradient(s, at, o, k + width);
    }
    for (int query = 0; query < steps; query++) {
      float mean = FloatRows.dot(mixedGradient, mixed, o + query * width, size);
      for (int i = query * all; i < query * all + sources() * steps; i++) {
        slopes[i] = weights[at + i] * (slopes[i] - mean) * scale;
      }
    }
    int q = row * steps * 3 * width + head * size;
    for (int s = 0; s < sources(); s++) {
      queriesAndKeysGradient(s, q, keys(rows, s, row, head));
    }
  }

  /** dL/dvalue, and dL/dweight into {@code slopes}. */
  private void valuesGradient(int s, int at, int o, int v) {
    int all = steps * ranks;
    float[] to = gatheredGradient;
    int row = 2 * width;
    int w = at + s * steps;
    FloatMatrix.multiply(
        true, false, steps, size, steps, weights, w, all, mixedGradient, o, width, 0, to, v, row);
    FloatMatrix.multiply(
        false,
        true,
        steps,
        steps,
        size,
        mixedGradient,
        o,
        width,
        gathered,
        v,
        row,
        0,
        slopes,
        s * steps,
        all);
  }

  private void queriesAndKeysGradient(int s, int q, int k) {
    int all = steps * ranks;
    int row = 2 * width;
    FloatMatrix.multiply(
        false,
        false,
        steps,
        size,
        steps,
        slopes,
        s * steps,
        all,
        gathered,
        k,
        row,
        s == 0 ? 0 : 1,
        projectedGradient,
        q,
        3 * width);
    FloatMatrix.multiply(
        true,
        false,
        steps,
        size,
        steps,
        slopes,
        s * steps,
        all,
        projected,
        q,
        3 * width,
        0,
        gatheredGradient,
        k,
        row);
  }
}
