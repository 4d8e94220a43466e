package weft.train;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import weft.nn.Dataset;
import weft.nn.NetworkPart;
import weft.nn.PartMemory;
import weft.nn.PartReplica;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelinePass;
import weft.sim.Interruption;

/**
 * One GPU of a plan at work: the passes of its stage in their order, step by step. All GPUs run
 * this program, each on a thread of its own, and wait for each other where they exchange something.
 */
final class PlanWorker {
  private final Place place;
  private final int share;
  private final Batches batches;
  private final Dataset data;
  private final int sections;
  private final int microBatch;
  private final List<PipelinePass> passes;
  private final List<NetworkPart> parts;
  private final List<PartReplica> replicas;
  private final Counts counts;
  private final PlanLog log;
  private final double[] losses;

  /**
   * Where in the plan a GPU is.
   *
   * @param stage of the pipeline
   * @param replica of the batch's shares, which one it learns
   * @param section of each sequence, which one it has
   * @param slice of the stage's matrices, which one it has
   */
  record Place(int stage, int replica, int section, int slice) {
    /** For example {@code stage 1, slice 0}, of what the plan has several of. */
    String in(ParallelPlan plan) {
      var words = new StringJoiner(", ");
      add(words, plan.pipeline(), "stage", stage);
      add(words, plan.data(), "replica", replica);
      add(words, plan.context(), "section", section);
      add(words, plan.tensor(), "slice", slice);
      return words.length() == 0 ? "all" : words.toString();
    }

    private static void add(StringJoiner words, int count, String what, int number) {
      if (count > 1) {
        words.add(what + " " + number);
      }
    }
  }

  /**
   * @param share samples of a batch that it learns
   * @param data what it sees of the batches' samples
   * @param sections that each sample is cut into
   */
  PlanWorker(
      Place place,
      int share,
      Batches batches,
      Dataset data,
      int sections,
      int microBatch,
      List<PipelinePass> passes,
      List<NetworkPart> parts,
      List<PartReplica> replicas,
      Counts counts,
      PlanLog log) {
    this.place = place;
    this.share = share;
    this.batches = batches;
    this.data = data;
    this.sections = sections;
    this.microBatch = microBatch;
    this.passes = passes;
    this.parts = parts;
    this.replicas = replicas;
    this.counts = counts;
    this.log = log;
    losses = new double[batches.steps()];
  }

  /**
   * Trains all steps.
   *
   * @param told hears of each step that is done, from 1
   */
  void train(IntConsumer told) {
    for (int step = 0; step < batches.steps(); step++) {
      Interruption.check("training, step %d of %d".formatted(step + 1, batches.steps()));
      step(step);
      told.accept(step + 1);
    }
  }

  private void step(int step) {
    int first = step * batches.batch() + place.replica() * share;
    int terms = batches.batch() * sections; // a loss is the mean over a section's steps
    for (PipelinePass pass : passes) {
      PartReplica replica = replicas.get(pass.chunk());
      int number = pass.microBatch();
      switch (pass.kind()) {
        case FORWARD -> {
          int from = first + number * microBatch;
          losses[step] +=
              replica.forward(number, data, batches.rows(), from, from + microBatch) / sections;
        }
        case BACKWARD -> replica.backward(number, terms);
        case INPUT_GRADIENT -> replica.backwardToInputs(number, terms);
        case WEIGHT_GRADIENT -> replica.backwardToWeights(number);
      }
    }
    for (int chunk = 0; chunk < replicas.size(); chunk++) {
      replicas.get(chunk).step();
      log.add(new PlanEvent.Updated(chunk));
    }
    log.endStep();
  }

  Place place() {
    return place;
  }

  List<NetworkPart> parts() {
    return parts;
  }

  /** Which layers this GPU has. */
  String holds() {
    return parts.stream().map(NetworkPart::toString).collect(Collectors.joining("; "));
  }

  /** Bytes of its arrays. */
  PartMemory memory() {
    return replicas.stream()
        .map(PartReplica::memory)
        .reduce(new PartMemory(0, 0, 0, 0, 0, 0), PartMemory::plus);
  }

  List<PartReplica> replicas() {
    return replicas;
  }

  Counts counts() {
    return counts;
  }

  PlanLog log() {
    return log;
  }

  /** The sum of the losses that this GPU saw, by step; 0 before the last stage. */
  double[] losses() {
    return losses;
  }
}
