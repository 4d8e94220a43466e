package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses for each position the experts with the largest scores R·x, and weighs them by the softmax
 * of these scores (Jiang et al., arXiv 2401.04088, section 2.1). Copies of the positions are put in
 * the order of their experts. Parameters: R ({@code [experts][ins]}).
 */
final class FloatRouter {
  private final FloatWorkspace work;
  private final int offset;
  private final int ins;
  private final int experts;
  private final int active;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] scores;
  private final float[] scoreGradients;
  private final float[] gates;
  private final int[] chosen;

  /** Where the copy of a position for its expert lies, in the order of experts. */
  private final int[] place;

  private final int[] counts;

  /** Where the next copy for each expert goes. */
  private final int[] next;

  private final float[] slopes;
  private int positions;

  FloatRouter(
      FloatWorkspace work,
      int offset,
      int positions,
      int ins,
      int experts,
      int active,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.ins = ins;
    this.experts = experts;
    this.active = active;
    this.in = in;
    this.inGradient = inGradient;
    scores = work.perSample(positions * experts);
    scoreGradients = work.gradientPerSample(positions * experts);
    gates = work.perSample(positions * active);
    chosen = new int[gates.length];
    place = new int[gates.length];
    counts = new int[experts];
    next = new int[experts];
    slopes = new float[active];
  }

  /** Copies for each expert. */
  int[] counts() {
    return counts;
  }

  /** Chooses for so many positions, and copies them. */
  void dispatch(int count, float[] copies) {
    positions = count;
    float[] r = work.parameters();
    FloatMatrix.multiply(
        false, true, count, experts, ins, in, 0, ins, r, offset, ins, 0, scores, 0, experts);
    Arrays.fill(counts, 0);
    for (int t = 0; t < count; t++) {
      choose(t);
    }
    next[0] = 0;
    for (int e = 1; e < experts; e++) {
      next[e] = next[e - 1] + counts[e - 1];
    }
    for (int i = 0; i < count * active; i++) {
      place[i] = next[chosen[i]]++;
      System.arraycopy(in, i / active * ins, copies, place[i] * ins, ins);
    }
  }

  /** The largest scores, of equal ones those of the first experts; then their softmax. */
  private void choose(int t) {
    int first = t * active;
    for (int i = first; i < first + active; i++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        boolean isFree = !isChosen(e, first, i);
        if (isFree && (best < 0 || scores[t * experts + e] > scores[t * experts + best])) {
          best = e;
        }
      }
      chosen[i] = best;
      counts[best]++;
    }
    float top = scores[t * experts + chosen[first]];
    for (int i = first; i < first + active; i++) {
      gates[i] = scores[t * experts + chosen[i]] - top;
    }
    FloatMath.exp(gates, gates, first, first + active);
    float share = 1 / FloatRows.sum(gates, first, active);
    for (int i = first; i < first + active; i++) {
      gates[i] *= share;
    }
  }

  private boolean isChosen(int expert, int from, int to) {
    for (int i = from; i < to; i++) {
      if (chosen[i] == expert) {
        return true;
      }
    }
    return false;
  }

  /** The weighted sum of what its experts made of each position. */
  void combine(float[] made, float[] outputs) {
    Arrays.fill(outputs, 0, positions * ins, 0);
    for (int i = 0; i < positions * active; i++) {
      int to = i / active * ins;
      int from = place[i] * ins;
      for (int k = 0; k < ins; k++) {
        outputs[to + k] += gates[i] * made[from + k];
      }
    }
  }

  /**
   * From dL/doutput to that of the scores, and to that of what each expert made.
   *
   * @param ofMade where the latter goes
   */
  void backward(float[] outputGradient, float[] made, float[] ofMade) {
    Arrays.fill(scoreGradients, 0, positions * experts, 0);
    for (int t = 0; t < positions; t++) {
      float mean = 0;
      for (int j = 0; j < active; j++) {
        int i = t * active + j;
        slopes[j] = 0;
        for (int k = 0; k < ins; k++) {
          float gradient = outputGradient[t * ins + k];
          slopes[j] += gradient * made[place[i] * ins + k];
          ofMade[place[i] * ins + k] = gates[i] * gradient;
        }
        mean += gates[i] * slopes[j];
      }
      for (int j = 0; j < active; j++) {
        int i = t * active + j;
        scoreGradients[t * experts + chosen[i]] = gates[i] * (slopes[j] - mean);
      }
    }
    float[] s = scoreGradients;
    float[] to = work.gradient();
    float keep = work.keep();
    FloatMatrix.multiply(
        true, false, experts, ins, positions, s, 0, experts, in, 0, ins, keep, to, offset, ins);
  }

  /** dL/din: through the scores, and from the copies of each position. */
  void gather(float[] ofCopies) {
    float[] to = inGradient;
    if (to == null) {
      return;
    }
    FloatMatrix.multiply(
        false,
        false,
        positions,
        ins,
        experts,
        scoreGradients,
        0,
        experts,
        work.parameters(),
        offset,
        ins,
        0,
        to,
        0,
        ins);
    for (int i = 0; i < positions * active; i++) {
      int at = i / active * ins;
      int from = place[i] * ins;
      for (int k = 0; k < ins; k++) {
        to[at + k] += ofCopies[from + k];
      }
    }
  }
}
