package weft.collective;

import weft.units.DataSize;

/** A tree that spreads an array from rank 0, and gathers sums the other way. */
enum Spread {
  /** Those who have it send it to as many others, in each step. */
  BINOMIAL("binomial") {
    @Override
    int parent(int v, BinaryTree tree) {
      return v - Integer.highestOneBit(v);
    }

    @Override
    int step(int v, BinaryTree tree) {
      return 31 - Integer.numberOfLeadingZeros(v);
    }
  },

  /** Each rank sends it to the next. */
  CHAIN("chain") {
    @Override
    int parent(int v, BinaryTree tree) {
      return v - 1;
    }

    @Override
    int step(int v, BinaryTree tree) {
      return v - 1;
    }
  },

  /** Each rank sends it to two others at a time. */
  BINARY("binary tree") {
    @Override
    int parent(int v, BinaryTree tree) {
      return tree.parent(v);
    }

    @Override
    int step(int v, BinaryTree tree) {
      return tree.depth(v) - 1;
    }
  },

  /** Rank 0 sends it to all. */
  FLAT("flat") {
    @Override
    int parent(int v, BinaryTree tree) {
      return 0;
    }

    @Override
    int step(int v, BinaryTree tree) {
      return 0;
    }
  };

  private final String words;

  Spread(String words) {
    this.words = words;
  }

  abstract int parent(int v, BinaryTree tree);

  /** The step in which a rank other than 0 has it. */
  abstract int step(int v, BinaryTree tree);

  int steps(int ranks) {
    return switch (this) {
      case BINOMIAL, BINARY -> Bruck.rounds(ranks);
      case CHAIN -> ranks - 1;
      case FLAT -> Math.min(1, ranks - 1);
    };
  }

  /** Arrays through the busiest port, summed over the steps. */
  double arrays(int ranks) {
    return switch (this) {
      case BINOMIAL -> Bruck.rounds(ranks);
      case CHAIN, FLAT -> ranks - 1;
      case BINARY -> new TreeAllReduce().cost(ranks, new DataSize(1)).reduced();
    };
  }

  /** Copies from the root to all. */
  void broadcast(ScheduleBuilder builder, int root) {
    int ranks = builder.ranks();
    var tree = new BinaryTree(ranks);
    for (int v = 1; v < ranks; v++) {
      int from = (parent(v, tree) + root) % ranks;
      builder.copy(step(v, tree), from, (v + root) % ranks, 0, builder.elements());
    }
  }

  /** Sums from all to the root. */
  void reduce(ScheduleBuilder builder, int root) {
    int ranks = builder.ranks();
    var tree = new BinaryTree(ranks);
    for (int v = 1; v < ranks; v++) {
      int to = (parent(v, tree) + root) % ranks;
      int step = steps(ranks) - 1 - step(v, tree);
      builder.reduce(step, (v + root) % ranks, to, 0, builder.elements());
    }
  }

  @Override
  public String toString() {
    return words;
  }
}
