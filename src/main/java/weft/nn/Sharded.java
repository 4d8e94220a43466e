package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleSharded;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatSharded;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * A layer of whose parameters a worker has its part of the group's.
 *
 * @param first of the layer's parameters that is this worker's
 * @param own how many are
 * @param keeping whether gathered weights stay for the rest of the step
 * @param room parameters of the largest layer, which share a buffer
 */
record Sharded(Layer inside, int first, int own, boolean keeping, int room) implements PartLayer {
  @Override
  public Shape in() {
    return inside.in();
  }

  @Override
  public Shape out() {
    return inside.out();
  }

  @Override
  public String name() {
    return inside.name();
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(new ParameterGroup("shard", own, 1, true));
  }

  @Override
  public int statistics() {
    return inside.statistics();
  }

  @Override
  public int fewestRows() {
    return inside.fewestRows();
  }

  @Override
  public long forwardFlops() {
    return inside.forwardFlops();
  }

  @Override
  public long backwardFlops() {
    return inside.backwardFlops();
  }

  @Override
  public long kept() {
    return inside.kept();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    int count = inside.parameters();
    var all = work.over(keeping ? work.kept(count) : work.shared(0, room), work.shared(1, room));
    var stage = inside.floatStage(all, 0, statistics, from, gradient);
    return new FloatSharded(work, offset, first, own, count, keeping, all, stage);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    int count = inside.parameters();
    var all = work.over(keeping ? work.kept(count) : work.shared(0, room), work.shared(1, room));
    var stage = inside.doubleStage(all, 0, statistics, from, gradient);
    return new DoubleSharded(work, offset, first, own, count, keeping, all, stage);
  }
}
