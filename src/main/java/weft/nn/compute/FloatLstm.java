package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Long short-term memory: i, f, o = sigmoid(z), g = tanh(z), c = f·c + i·g, h = o·tanh(c).
 * Parameters: the gates' weights of the input ({@code [4·neurons][inputs]}, gates in the order i,
 * f, g, o), of the outputs before ({@code [4·neurons][neurons]}), and their biases.
 */
public final class FloatLstm extends FloatStepwise {
  private final float[] cells;
  private final float[] squashed;
  private final float[] carried;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param ins numbers of a step
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatLstm(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int neurons,
      float[] in,
      float @Nullable [] inGradient) {
    super(work, offset, steps, ins, neurons, 4, in, inGradient);
    cells = work.perSample(steps * neurons);
    squashed = work.perSample(steps * neurons);
    carried = work.gradientPerSample(neurons);
  }

  @Override
  void step(int row, int step, int at) {
    int i = 4 * at;
    int f = i + neurons;
    int g = f + neurons;
    int o = g + neurons;
    FloatMath.logistic(gates, gates, i, g);
    FloatMath.tanh(gates, gates, g, o);
    FloatMath.logistic(gates, gates, o, o + neurons);
    for (int n = 0; n < neurons; n++) {
      float before = step == 0 ? 0 : cells[at - neurons + n];
      cells[at + n] = gates[f + n] * before + gates[i + n] * gates[g + n];
    }
    FloatMath.tanh(cells, squashed, at, at + neurons);
    for (int n = 0; n < neurons; n++) {
      outputs[at + n] = gates[o + n] * squashed[at + n];
    }
  }

  @Override
  public void backward(int samples) {
    Arrays.fill(carried, 0, samples * neurons, 0);
    super.backward(samples);
  }

  @Override
  void stepGradient(int row, int step, int at) {
    int first = 4 * at;
    for (int n = 0; n < neurons; n++) {
      float i = gates[first + n];
      float f = gates[first + neurons + n];
      float g = gates[first + 2 * neurons + n];
      float o = gates[first + 3 * neurons + n];
      float s = squashed[at + n];
      float before = step == 0 ? 0 : cells[at - neurons + n];
      float h = outputGradient[at + n];
      float c = carried[row * neurons + n] + h * o * (1 - s * s);
      carried[row * neurons + n] = c * f;
      gateGradient[first + n] = c * g * i * (1 - i);
      gateGradient[first + neurons + n] = c * before * f * (1 - f);
      gateGradient[first + 2 * neurons + n] = c * i * (1 - g * g);
      gateGradient[first + 3 * neurons + n] = h * s * o * (1 - o);
    }
  }
}
