package weft.nn;

import weft.nn.compute.Exchange;
import weft.nn.compute.Sections;

/** How a worker's part takes a step once its gradient is there. */
interface Stepping {
  /** The optimiser with its memory of this part. */
  default Updater updater(Optimizer optimizer, Network part) {
    return Updater.of(optimizer, part.precision(), part.layers());
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
    public void step(Engine engine, Updater updater) {
      engine.exchangeGradient(Exchange.SUM_GRADIENTS, others);
      engine.exchangeGradient(Exchange.SUM_EXPERT_GRADIENTS, experts);
      engine.update(updater);
    }
  }

  /** Likewise, but each changes its part of the parameters alone, and they gather the others'. */
  record ShardedState(int rank, int ranks) implements Stepping {
    /** How many of so many parameters are this worker's. */
    int own(int parameters) {
      return ShardCut.bound(rank + 1, ranks, parameters) - ShardCut.bound(rank, ranks, parameters);
    }

    @Override
    public Updater updater(Optimizer optimizer, Network part) {
      var shard = new Sections(new int[] {0, own(part.parameters())}, new boolean[] {true});
      return Updater.of(optimizer, part.precision(), shard);
    }

    @Override
    public void step(Engine engine, Updater updater) {
      int n = (int) engine.held().parameters();
      engine.exchangeGradient(Exchange.SCATTER_GRADIENTS);
      engine.updateShard(
          updater, ShardCut.bound(rank, ranks, n), ShardCut.bound(rank + 1, ranks, n));
    }
  }
}
