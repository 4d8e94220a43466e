package weft.nn;

/**
 * A piece of a layer, or an exchange between workers: what only parts of networks are made of. Its
 * parameters come from the whole network, and it is explained there.
 */
interface PartLayer extends Layer {
  @Override
  default LayerExplanation explanation() {
    throw new UnsupportedOperationException("a part of a network is not explained by itself");
  }

  @Override
  default long forwardFlops() {
    return 0;
  }
}
