package weft.nn;

/** What a layer is: an immutable description. Its parameters live in the network's flat array. */
interface Layer {
  /** As a cell writes it: {@code dense(128, relu())}. */
  String name();

  int inputs();

  int outputs();

  int parameters();

  Activation activation();

  /** Where the weights come from: {@code he(1)}, or that they were given. */
  String start();

  /** Writes the starting values of the parameters; {@code index} is the layer's, from 0. */
  void initialize(double[] parameters, int offset, int index);

  /** Index, from the layer's first parameter, of the weight of input {@code from}. */
  int weight(int to, int from);

  /** Index, from the layer's first parameter, of the bias of neuron {@code to}. */
  int bias(int to);

  /** The same layer as the last one of a network with this loss. */
  Layer endingIn(Loss loss);

  LayerCost cost(int offset, Precision precision);

  /**
   * The layer at work.
   *
   * @param offset where its parameters begin in {@code parameters} and {@code gradient}
   * @param rows how many samples it can hold at once
   */
  Stage stage(Tensor parameters, Tensor gradient, int offset, int rows, Precision precision);

  /** A layer at work on a batch, with the buffers it needs: made once, used for every batch. */
  interface Stage {
    /** Before the activation. */
    Tensor sums();

    Tensor outputs();

    /** To be filled with dL/da by whoever uses the outputs; holds dL/dz after backward. */
    Tensor outputGradient();

    void forward(Tensor in, int rows);

    /**
     * Adds to the parameters' gradient.
     *
     * @param inGradient where dL/dinput goes
     * @param first whether the inputs are the network's, whose gradient nobody needs
     */
    void backward(Tensor in, Tensor inGradient, boolean first, int rows);
  }
}
