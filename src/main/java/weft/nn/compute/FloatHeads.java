package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The heads of self-attention: each step's query is compared with every step's key, and what the
 * step gives is the mean of the values, weighted by softmax(query·key / √size), head beside head.
 * Parameters: those of {@link FloatProjectedHeads}.
 */
public final class FloatHeads extends FloatProjectedHeads {
  /**
   * Queries worked on at once; of a causal layer, those before the block's last key are left out.
   */
  private static final int BLOCK = 64;

  /** Weights of the values, block by block; of all samples and heads, or of a thread. */
  private final float[] weights;

  private final int weightsOfHead;
  private final float[][] blocks;
  private final float[][] slopes;
  private final float[][] sums;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param ins numbers of a step that feed the heads
   * @param width numbers of a step of all heads together
   * @param heads a divisor of {@code width}
   * @param causal whether a step sees itself and earlier steps alone
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatHeads(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int width,
      int heads,
      boolean causal,
      float[] in,
      float @Nullable [] inGradient) {
    super(work, offset, steps, ins, width, heads, causal, in, inGradient);
    weightsOfHead = weightsBefore(steps);
    weights = work.learning() ? work.perSample(heads * weightsOfHead) : new float[0];
    int lanes = work.team().lanes();
    blocks = new float[lanes][Math.min(BLOCK, steps) * steps];
    slopes = new float[work.learning() ? lanes : 0][Math.min(BLOCK, steps) * steps];
    sums = new float[lanes][BLOCK];
  }

  /** How many weights the queries before {@code query}, the first of a block, have in a head. */
  private int weightsBefore(int query) {
    int sum = 0;
    for (int first = 0; first < query; first += BLOCK) {
      int end = Math.min(steps, first + BLOCK);
      sum = Math.addExact(sum, Math.multiplyExact(end - first, keys(end)));
    }
    return sum;
  }

  /** How many keys the queries before {@code end} of a block are compared with. */
  private int keys(int end) {
    return causal ? end : steps;
  }

  /** Where a head's queries of a sample begin; keys and values follow a width and two later. */
  private int queries(int index) {
    return index / heads * steps * 3 * width + index % heads * size;
  }

  /** Where a head's part of the mixture begins. */
  private int values(int index) {
    return index / heads * steps * width + index % heads * size;
  }

  @Override
  void mix(int rows) {
    team(rows).run(rows * heads, forwardPiece);
  }

  private Team team(int rows) {
    return Tiles.team(work.team(), (long) rows * steps * steps * width);
  }

  /** One head of one sample. */
  private void forwardPiece(int index, int lane) {
    int q = queries(index);
    int row = 3 * width;
    float[] w = work.learning() ? weights : blocks[lane];
    int at = work.learning() ? index * weightsOfHead : 0;
    for (int first = 0; first < steps; first += BLOCK) {
      int end = Math.min(steps, first + BLOCK);
      int count = end - first;
      int keys = keys(end);
      int from = q + first * row;
      FloatMatrix.multiply(
          false, true, count, keys, size, projected, from, row, projected, q + width, row, 0, w, at,
          keys);
      softmax(w, at, first, count, keys, sums[lane]);
      int to = values(index) + first * width;
      FloatMatrix.multiply(
          false,
          false,
          count,
          size,
          keys,
          w,
          at,
          keys,
          projected,
          q + 2 * width,
          row,
          0,
          mixed,
          to,
          width);
      at += work.learning() ? count * keys : 0;
    }
  }

  /**
   * Later keys than a causal query's own step get weight 0 in the end: loops over whole rows, whose
   * lengths are round, are faster than those that stop there.
   */
  private void softmax(float[] w, int at, int first, int count, int keys, float[] sums) {
    for (int r = 0; r < count; r++) {
      int from = at + r * keys;
      float top = FloatRows.max(w, from, seen(first + r, keys));
      for (int i = from; i < from + keys; i++) {
        w[i] = (w[i] - top) * scale;
      }
    }
    FloatMath.exp(w, w, at, at + count * keys);
    for (int r = 0; r < count; r++) {
      int from = at + r * keys;
      Arrays.fill(w, from + seen(first + r, keys), from + keys, 0);
    }
    FloatMatrix.sumColumns(w, at, count, keys, 0, sums, 0);
    for (int r = 0; r < count; r++) {
      int from = at + r * keys;
      float share = 1 / sums[r];
      for (int i = from; i < from + keys; i++) {
        w[i] *= share;
      }
    }
  }

  /** How many keys a query is compared with. */
  private int seen(int query, int keys) {
    return causal ? query + 1 : keys;
  }

  @Override
  void mixBackward(int rows) {
    team(rows).run(rows * heads, backwardPiece);
  }

  /** The last block, whose queries see every key, first: it overwrites, and the others add. */
  private void backwardPiece(int index, int lane) {
    for (int first = (steps - 1) / BLOCK * BLOCK; first >= 0; first -= BLOCK) {
      int end = Math.min(steps, first + BLOCK);
      int at = index * weightsOfHead + weightsBefore(first);
      System.arraycopy(weights, at, blocks[lane], 0, (end - first) * keys(end));
      backwardBlock(index, first, end, blocks[lane], slopes[lane]);
    }
  }

  private void backwardBlock(int index, int first, int end, float[] w, float[] s) {
    int count = end - first;
    int keys = keys(end);
    int row = 3 * width;
    int k = queries(index) + width;
    int v = k + width;
    int q = queries(index) + first * row;
    int o = values(index) + first * width;
    float[] to = projectedGradient;
    int keep = end == steps ? 0 : 1;
    FloatMatrix.multiply(
        true, false, keys, size, count, w, 0, keys, mixedGradient, o, width, keep, to, v, row);
    FloatMatrix.multiply(
        false, true, count, keys, size, mixedGradient, o, width, projected, v, row, 0, s, 0, keys);
    softmaxGradient(w, s, o, count, keys);
    FloatMatrix.multiply(
        false, false, count, size, keys, s, 0, keys, projected, k, row, 0, to, q, row);
    FloatMatrix.multiply(
        true, false, keys, size, count, s, 0, keys, projected, q, row, keep, to, k, row);
  }

  /**
   * Turns {@code s} from dL/dweight into dL/d(query·key). Σⱼ dL/dwⱼ·wⱼ is dL/dmixed·mixed, a
   * shorter sum.
   */
  private void softmaxGradient(float[] w, float[] s, int mixedAt, int count, int keys) {
    for (int r = 0; r < count; r++) {
      float mean = FloatRows.dot(mixedGradient, mixed, mixedAt + r * width, size);
      for (int i = r * keys; i < (r + 1) * keys; i++) {
        s[i] = w[i] * (s[i] - mean) * scale;
      }
    }
  }
}
