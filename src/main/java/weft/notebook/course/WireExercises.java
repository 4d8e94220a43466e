package weft.notebook.course;

import java.util.List;
import weft.collective.AllReduce;
import weft.nn.Activations;
import weft.nn.Losses;
import weft.nn.Network;
import weft.train.History;
import weft.units.Time;
import weft.units.Units;

/** The exercises of notebook 02, Gradients on the wire. */
final class WireExercises {
  private static final int WORKERS = 16;
  private static final int LARGER = 64;
  private static final double BYTES = 4;
  private static final double EXCHANGE_US = 60;
  private static final double QUEUE_BYTES = 10e6;
  private static final double LINK_BITS = 400e9;
  private static final double PLACED_MS = 10;

  private WireExercises() {}

  static List<Exercise> all() {
    return List.of(chunk(), ringSteps(), queue(), breakEven(), placement(), bits());
  }

  private static double parameters() {
    return Network.inputs(64)
        .dense(128, Activations.relu())
        .dense(10, Activations.softmax())
        .loss(Losses.crossEntropy())
        .parameters();
  }

  private static Exercise chunk() {
    return Exercise.number("chunk", () -> parameters() * BYTES / WORKERS, 0.005)
        .mistake(() -> parameters() / WORKERS, "those are numbers; how many bytes is a float32?")
        .mistake(() -> parameters() * BYTES, "that is the whole gradient; the ring cuts it up")
        .otherwise("parameters, times bytes a parameter, over the number of pieces");
  }

  private static Exercise ringSteps() {
    return Exercise.number(
            "ring steps", () -> AllReduce.ring().schedule(LARGER, LARGER).step(last()) + 1, 0)
        .mistake(
            () -> LARGER - 1, "after those every rank holds one finished chunk; and the others?")
        .mistake(
            answer -> answer instanceof Number n && n.intValue() == 2 * LARGER,
            "in neither half does a chunk return to the rank it began at")
        .otherwise("two halves, sums and copies, each one step short of a full round");
  }

  private static int last() {
    return AllReduce.ring().schedule(LARGER, LARGER).size() - 1;
  }

  private static Exercise queue() {
    return Exercise.number("queue", () -> QUEUE_BYTES * 8 / LINK_BITS, 0.03)
        .mistake(() -> QUEUE_BYTES / LINK_BITS, "the queue is in bytes, the rate in bits a second")
        .mistake(
            answer -> !(answer instanceof Time),
            "give a time with its unit, as in check(\"queue\", us(3))")
        .otherwise("how long does the port take to send what stands in front?");
  }

  private static Exercise breakEven() {
    return Exercise.number("break-even", () -> EXCHANGE_US * WORKERS / (WORKERS - 1), 0.01)
        .mistake(() -> EXCHANGE_US, "nearly: each of the 16 workers still computes its share")
        .mistake(
            () -> EXCHANGE_US * WORKERS,
            "at that time one worker is far behind: what part of T does the cluster save?")
        .otherwise(
            "write both step times as functions of T: what part of T does the cluster save?");
  }

  private static Exercise placement() {
    return Exercise.that("placement", answer -> answer instanceof History h && isPlacedWell(h))
        .mistake(
            answer -> !(answer instanceof History),
            "give the history: check(\"placement\", training.placed(...).run())")
        .mistake(
            answer -> answer instanceof History h && h.networkLoad().isEmpty(),
            "one worker exchanges nothing: keep the 16")
        .otherwise("count the steps of the ring that leave a server: which placement has fewest?");
  }

  private static boolean isPlacedWell(History history) {
    return history.networkLoad().isPresent()
        && history.steps() >= 80
        && history.completion().compareTo(Units.ms(PLACED_MS)) < 0;
  }

  private static Exercise bits() {
    return Exercise.word("bits", "buckets")
        .otherwise("run it and compare with Arrays.equals: which one adds up in another order?");
  }
}
