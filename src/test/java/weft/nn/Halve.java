package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** A layer that Weft does not know: every number halved, arranged in another shape. */
record Halve(Shape in, Shape out) implements Layer {
  @Override
  public String name() {
    return "halve()";
  }

  @Override
  public LayerExplanation explanation() {
    return new LayerExplanation() {
      @Override
      public List<Line> output(LayerView at, int index) {
        Term two = Term.of(2);
        Term number = Term.of(at.inputs()[index]);
        double value = at.outputs()[index];
        return List.of(Equation.of(at.out(index), value, at.in(index).over(two), number.over(two)));
      }

      @Override
      public Line inputGradient(LayerView at, int index) {
        Term half = Term.gradient(at.outName(index)).over(Term.of(2));
        return Equation.of(at.inGradient(index), at.inputGradients()[index], half);
      }
    };
  }

  @Override
  public Layer endingIn(Loss loss) {
    return this;
  }

  @Override
  public long forwardFlops() {
    return in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    throw new UnsupportedOperationException("for explanations only");
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    double[] outputs = work.perSample(out.size());
    double[] outputGradient = work.gradientPerSample(out.size());
    return new DoubleStage() {
      @Override
      public double[] outputs() {
        return outputs;
      }

      @Override
      public double[] outputGradient() {
        return outputGradient;
      }

      @Override
      public void forward(int rows) {
        for (int i = 0; i < rows * out.size(); i++) {
          outputs[i] = from[i] / 2;
        }
      }

      @Override
      public void backward(int rows) {
        for (int i = 0; gradient != null && i < rows * out.size(); i++) {
          gradient[i] = outputGradient[i] / 2;
        }
      }
    };
  }
}
