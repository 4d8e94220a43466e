package weft.nn;

import java.util.stream.IntStream;
import weft.nn.compute.Exchange;
import weft.nn.compute.Sections;

/** How a worker's part takes a step once its gradient is there. */
interface Stepping {
  /** The optimiser with its memory of this part. */
  default Updater updater(Optimizer optimizer, Network part) {
    return Updater.of(optimizer, part.precision(), part.layers());
  }

  /** How many parameters are of experts that have been shared out. */
  default int expertParameters() {
    return 0;
  }

  /** How many of the parameters that the worker holds it updates. */
  default int updated(int held) {
    return held;
  }

  /** Changes the parameters. */
  void step(Engine engine, Updater updater);

  /** Nobody else has these parameters. */
  record Alone() implements Stepping {
    @Override
    public void step(Engine engine, Updater updater) {
      engine.update(updater);
    }
  }

  /** Others have the same parameters and learn other samples: all take the sum's step. */
  record Replicated() implements Stepping {
    @Override
    public void step(Engine engine, Updater updater) {
      engine.exchangeGradient(Exchange.SUM_GRADIENTS);
      engine.update(updater);
    }
  }

  /**
   * Likewise, where experts' gradients are added up with those alone that have the same experts.
   *
   * @param others places of the parameters that are not of experts
   * @param experts of those that are
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private and never written to
  record ReplicatedExperts(int[] others, int[] experts) implements Stepping {
    @Override
    public int expertParameters() {
      return experts.length;
    }

    @Override
    public void step(Engine engine, Updater updater) {
      engine.exchangeGradient(Exchange.SUM_GRADIENTS, others);
      engine.exchangeGradient(Exchange.SUM_EXPERT_GRADIENTS, experts);
      engine.update(updater);
    }
  }

  /** Likewise, but each changes its part of the parameters alone, and they gather the others'. */
  record ShardedState(int rank, int ranks) implements Stepping {
    @Override
    public int updated(int held) {
      return own(held).length;
    }

    @Override
    public Updater updater(Optimizer optimizer, Network part) {
      return shard(optimizer, part, own(part.parameters()).length);
    }

    private int[] own(int parameters) {
      return ShardCut.own(rank, ranks, IntStream.range(0, parameters).toArray());
    }

    @Override
    public void step(Engine engine, Updater updater) {
      int n = (int) engine.held().parameters();
      engine.exchangeGradient(Exchange.SCATTER_GRADIENTS);
      engine.updateSome(updater, own(n));
      engine.exchangeParameters(Exchange.GATHER_WEIGHTS, IntStream.range(0, n).toArray());
    }
  }

  /**
   * Likewise, where experts are shared out: each changes its part of its experts' parameters, which
   * fewer workers have, and of the others.
   *
   * @param copy which of the workers with the same parameters but experts
   * @param copies how many these are
   * @param apart how many of them share out the experts, neighbours
   * @param others places of the parameters that are not of experts
   * @param experts of those that are
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private and never written to
  record ShardedExperts(int copy, int copies, int apart, int[] others, int[] experts)
      implements Stepping {
    @Override
    public int expertParameters() {
      return experts.length;
    }

    @Override
    public int updated(int held) {
      return own().length;
    }

    private int[] own() {
      return IntStream.concat(
              IntStream.of(ShardCut.own(copy, copies, others)),
              IntStream.of(ShardCut.own(copy / apart, copies / apart, experts)))
          .toArray();
    }

    @Override
    public Updater updater(Optimizer optimizer, Network part) {
      return shard(optimizer, part, own().length);
    }

    @Override
    public void step(Engine engine, Updater updater) {
      engine.exchangeGradient(Exchange.SCATTER_GRADIENTS, others);
      engine.exchangeGradient(Exchange.SCATTER_EXPERT_GRADIENTS, experts);
      engine.updateSome(updater, own());
      engine.exchangeParameters(Exchange.GATHER_WEIGHTS, others);
      engine.exchangeParameters(Exchange.GATHER_EXPERT_WEIGHTS, experts);
    }
  }

  /** An optimiser of so many parameters, wherever they are. */
  private static Updater shard(Optimizer optimizer, Network part, int parameters) {
    var sections = new Sections(new int[] {0, parameters}, new boolean[] {true});
    return Updater.of(optimizer, part.precision(), sections);
  }
}
