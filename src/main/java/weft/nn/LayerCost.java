package weft.nn;

/**
 * What one layer costs to compute, to keep and to send.
 *
 * @param name as a cell writes the layer: {@code dense(128, relu())}
 * @param offset where its parameters begin in the network's flat order
 * @param count how many parameters it has
 * @param forwardFlops floating-point operations of one sample's forward pass: 2·inputs·outputs;
 *     biases and activations, a few operations per neuron, are left out as is usual
 * @param backwardFlops of one sample's backward pass: 4·inputs·outputs, half for the gradient of
 *     the weights and half for that of the inputs; counted for the first layer too, although it
 *     needs no gradient of its inputs
 * @param activationBytes of one sample's outputs
 * @param keptBytes of what one sample's forward pass leaves for its backward pass: the outputs, and
 *     what lies inside a residual block, between the products of attention, in an LSTM's gates and
 *     before GELU and SiLU
 * @param weightBytes of the parameters as the layer computes with them
 */
public record LayerCost(
    String name,
    int offset,
    int count,
    long forwardFlops,
    long backwardFlops,
    long activationBytes,
    long keptBytes,
    long weightBytes) {
  static LayerCost of(Layer layer, int offset, Precision precision) {
    return new LayerCost(
        layer.name(),
        offset,
        layer.parameters(),
        layer.forwardFlops(),
        layer.backwardFlops(),
        (long) layer.out().size() * precision.bytes(),
        layer.kept() * precision.bytes(),
        (long) layer.parameters() * precision.bytes());
  }
}
