package weft.nn;

import java.util.ArrayList;
import java.util.List;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.Keeping;
import weft.nn.compute.Peers;
import weft.nn.compute.Team;

/** Computes one sample through the layers inside another, in double precision. */
final class InsidePass {
  private final double[] gradient;
  private final DoubleWorkspace work;
  private final double[] input;
  private final double[] inputGradient;
  private final List<DoubleStage> stages = new ArrayList<>();

  private InsidePass(Network inside, double[] inputs) {
    gradient = new double[inside.parameters()];
    work =
        new DoubleWorkspace(
            inside.values(),
            gradient,
            inside.statistics().clone(),
            1,
            true,
            Keeping.ALL,
            Team.ALONE,
            Peers.NONE);
    input = inputs.clone();
    inputGradient = work.gradientPerSample(inputs.length);
    int offset = 0;
    int statistic = 0;
    double[] in = input;
    double[] inGradient = inputGradient;
    for (Layer layer : inside.layers()) {
      var stage = layer.doubleStage(work, offset, statistic, in, inGradient);
      stages.add(stage);
      offset += layer.parameters();
      statistic += layer.statistics();
      in = stage.outputs();
      inGradient = stage.outputGradient();
    }
  }

  /**
   * Every number of it.
   *
   * @param inside the layers, with their parameters
   * @param outputGradient dL/doutput of the last; empty before the backward pass
   */
  static Trace of(Network inside, double[] inputs, double[] outputGradient) {
    return new InsidePass(inside, inputs).run(inside, inputs, outputGradient);
  }

  private Trace run(Network inside, double[] inputs, double[] outputGradient) {
    work.begin(false, 0, 0);
    stages.forEach(stage -> stage.forward(1));
    double[][] sums = stages.stream().map(s -> s.sums().clone()).toArray(double[][]::new);
    double[][] outputs = stages.stream().map(s -> s.outputs().clone()).toArray(double[][]::new);
    boolean backward = outputGradient.length > 0;
    double[][] received = new double[backward ? stages.size() : 0][];
    if (backward) {
      double[] last = stages.get(stages.size() - 1).outputGradient();
      System.arraycopy(outputGradient, 0, last, 0, last.length);
      work.adding(false);
      for (int i = stages.size() - 1; i >= 0; i--) {
        received[i] = stages.get(i).outputGradient().clone();
        stages.get(i).backward(1);
      }
    }
    double[][] ofSums =
        stages.stream()
            .limit(received.length)
            .map(s -> s.outputGradient().clone())
            .toArray(double[][]::new);
    return new Trace(
        inside,
        inputs,
        null,
        Double.NaN,
        sums,
        outputs,
        received,
        ofSums,
        backward ? inputGradient : new double[0],
        backward ? gradient : new double[0]);
  }
}
