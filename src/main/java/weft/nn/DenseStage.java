package weft.nn;

/** A dense layer at work. */
final class DenseStage implements Layer.Stage {
  private final Dense layer;
  private final Tensor parameters;
  private final Tensor gradient;
  private final int offset;
  private final Tensor transposed;
  private final Tensor sums;
  private final Tensor outputs;
  private final Tensor outputGradient;

  DenseStage(
      Dense layer, Tensor parameters, Tensor gradient, int offset, int rows, Precision precision) {
    this.layer = layer;
    this.parameters = parameters;
    this.gradient = gradient;
    this.offset = offset;
    transposed = Tensor.of(precision, layer.inputs() * layer.outputs());
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
    int ins = layer.inputs();
    int outs = layer.outputs();
    transposed.transpose(parameters, offset, outs, ins);
    sums.affine(in, transposed, parameters, offset + layer.bias(0), rows, ins, outs);
    layer.activation().forward(sums, outputs, rows, outs);
  }

  @Override
  public void backward(Tensor in, Tensor inGradient, boolean first, int rows) {
    int ins = layer.inputs();
    int outs = layer.outputs();
    if (!layer.fused()) {
      layer.activation().backward(sums, outputs, outputGradient, rows, outs);
    }
    gradient.accumulate(outputGradient, in, offset, rows, ins, outs);
    if (!first) {
      inGradient.pullBack(outputGradient, parameters, offset, rows, ins, outs);
    }
  }
}
