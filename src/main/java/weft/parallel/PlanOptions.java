package weft.parallel;

/** What a plan decides besides degrees; see the steps of {@link ParallelPlan} of the same names. */
record Habits(
    int microBatch,
    Sharding sharding,
    Recomputation recomputation,
    boolean sequenceParallel,
    boolean flashAttention,
    boolean overlapped,
    boolean embeddingsAsLayers,
    int gradientBytes) {
  static final Habits DEFAULT =
      new Habits(1, Sharding.REPLICATED, Recomputation.NONE, false, false, false, false, 2);

  Habits microBatch(int value) {
    return new Habits(
        value,
        sharding,
        recomputation,
        sequenceParallel,
        flashAttention,
        overlapped,
        embeddingsAsLayers,
        gradientBytes);
  }

  Habits sharding(Sharding value) {
    return new Habits(
        microBatch,
        value,
        recomputation,
        sequenceParallel,
        flashAttention,
        overlapped,
        embeddingsAsLayers,
        gradientBytes);
  }

  Habits recomputation(Recomputation value) {
    return new Habits(
        microBatch,
        sharding,
        value,
        sequenceParallel,
        flashAttention,
        overlapped,
        embeddingsAsLayers,
        gradientBytes);
  }

  Habits sequenceParallel(boolean value) {
    return new Habits(
        microBatch,
        sharding,
        recomputation,
        value,
        flashAttention,
        overlapped,
        embeddingsAsLayers,
        gradientBytes);
  }

  Habits flashAttention(boolean value) {
    return new Habits(
        microBatch,
        sharding,
        recomputation,
        sequenceParallel,
        value,
        overlapped,
        embeddingsAsLayers,
        gradientBytes);
  }

  Habits overlapped(boolean value) {
    return new Habits(
        microBatch,
        sharding,
        recomputation,
        sequenceParallel,
        flashAttention,
        value,
        embeddingsAsLayers,
        gradientBytes);
  }

  Habits embeddingsAsLayers(boolean value) {
    return new Habits(
        microBatch,
        sharding,
        recomputation,
        sequenceParallel,
        flashAttention,
        overlapped,
        value,
        gradientBytes);
  }

  Habits gradientBytes(int value) {
    return new Habits(
        microBatch,
        sharding,
        recomputation,
        sequenceParallel,
        flashAttention,
        overlapped,
        embeddingsAsLayers,
        value);
  }
}
