package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoublePositionsPart;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatPositionsPart;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Learned rows for some steps of a sequence. It has the rows of all, so that every worker of the
 * sequence has the same parameters.
 *
 * @param first step, as a number of the whole sequence
 * @param all steps of the sequence
 */
record PositionsPart(Shape in, int first, int all) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "positions()";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(new ParameterGroup("positions", all, in.width(), true));
  }

  @Override
  public long forwardFlops() {
    return in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatPositionsPart(
        work, offset, all * in.width(), first * in.width(), in.size(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoublePositionsPart(
        work, offset, all * in.width(), first * in.width(), in.size(), from, gradient);
  }
}
