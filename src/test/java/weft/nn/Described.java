package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** A layer that is only described: what explanations and pictures need, and no engine. */
@SuppressWarnings("ArrayRecordComponent") // never written to
record Described(
    String name,
    Shape in,
    Shape out,
    double[] values,
    double[] remembered,
    LayerExplanation explanation)
    implements Layer {
  @Override
  public List<ParameterGroup> groups() {
    return values.length == 0
        ? List.of()
        : List.of(new ParameterGroup("weights", values.length, 1, true));
  }

  @Override
  public int statistics() {
    return remembered.length;
  }

  @Override
  public void initializeStatistics(double[] statistics, int offset) {
    System.arraycopy(remembered, 0, statistics, offset, remembered.length);
  }

  @Override
  public String start() {
    return "";
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    System.arraycopy(values, 0, parameters, offset, values.length);
  }

  @Override
  public Layer endingIn(Loss loss) {
    return this;
  }

  @Override
  public long forwardFlops() {
    return 0;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    throw new UnsupportedOperationException("only described");
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    throw new UnsupportedOperationException("only described");
  }
}
