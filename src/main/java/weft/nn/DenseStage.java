package weft.nn;

/** A dense layer at work. */
final class DenseStage implements Layer.Stage {
  private final Dense layer;
  private final Tensor parameters;
  private final Tensor gradient;
  private final int offset;
  private final Tensor[] columns;
  private final Tensor[] weights;
  private final Tensor[] samples;
  private final Tensor outSum;
  private final Tensor inSum;
  private final Tensor sums;
  private final Tensor outputs;
  private final Tensor outputGradient;

  DenseStage(
      Dense layer, Tensor parameters, Tensor gradient, int offset, int rows, Precision precision) {
    this.layer = layer;
    this.parameters = parameters;
    this.gradient = gradient;
    this.offset = offset;
    columns = Tensor.rows(precision, layer.inputs(), layer.outputs());
    weights = Tensor.rows(precision, layer.outputs(), layer.inputs());
    samples = Tensor.rows(precision, rows, layer.inputs());
    outSum = Tensor.of(precision, layer.outputs());
    inSum = Tensor.of(precision, layer.inputs());
    sums = Tensor.of(precision, rows * layer.outputs());
    outputs = Tensor.of(precision, rows * layer.outputs());
    outputGradient = Tensor.of(precision, rows * layer.outputs());
  }

  @Override
  public Tensor sums() {
    return sums;
  }

  @Override
  public Tensor outputs() {
    return outputs;
  }

  @Override
  public Tensor outputGradient() {
    return outputGradient;
  }

  @Override
  public void forward(Tensor in, int rows) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].gather(parameters, offset + i, columns.length);
    }
    sums.affine(in, columns, parameters, offset + layer.bias(0), rows, outSum);
    layer.activation().forward(sums, outputs, rows, layer.outputs());
  }

  @Override
  public void backward(Tensor in, Tensor inGradient, boolean first, int rows) {
    int outs = layer.outputs();
    if (!layer.fused()) {
      layer.activation().backward(sums, outputs, outputGradient, rows, outs);
    }
    for (int r = 0; r < rows; r++) {
      samples[r].copyFrom(in, r * layer.inputs());
    }
    gradient.accumulate(outputGradient, samples, offset, rows, outs, inSum);
    if (!first) {
      for (int o = 0; o < outs; o++) {
        weights[o].copyFrom(parameters, offset + o * layer.inputs());
      }
      inGradient.pullBack(outputGradient, weights, rows, inSum);
    }
  }
}
