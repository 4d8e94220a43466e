package weft.nn;

/** What can be the last layer of a network. */
final class Ending {
  private Ending() {}

  /**
   * Lets a layer without an activation of its own end a network.
   *
   * @throws IllegalArgumentException if it gives an image, or the loss needs an activation
   */
  static Layer plain(Layer layer, Loss loss) {
    if (layer.out().isImage()) {
      throw new IllegalArgumentException(
          "a loss compares vectors, but %s gives images of shape %s: add flatten().dense(10, softmax())"
              .formatted(layer.name(), layer.out()));
    }
    loss.fusedWith(Activations.identity(), layer.out().width());
    return layer;
  }
}
