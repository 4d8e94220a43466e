package weft.notebook.course;

import java.util.List;
import weft.experiment.Run;
import weft.routing.Collisions;
import weft.units.Rate;
import weft.units.Time;
import weft.units.Units;

/** The exercises of notebook 12, Load balancing. */
final class BalancingExercises {
  private static final int FLOWS = 4;
  private static final int UPLINKS = 16;
  private static final int SAME_LINK = 3;
  private static final double LINK_BITS = 400e9;
  private static final double QUEUE_BYTES = 1e6;
  private static final int PORTS = 16;
  private static final double PLACED_US = 120;

  private BalancingExercises() {}

  static List<Exercise> all() {
    return List.of(luck(), idle(), share(), gap(), cores(), ordered());
  }

  private static Exercise luck() {
    return Exercise.number("luck", () -> 100 * Collisions.of(FLOWS, FLOWS).noCollision(), 0.01)
        .mistake(
            () -> Collisions.of(FLOWS, FLOWS).noCollision(),
            "right as a share, but the question asks for percent")
        .mistake(() -> 100.0 / FLOWS, "that is the chance that one flow gets one certain uplink")
        .mistake(
            () -> 100 * (1 - Collisions.of(FLOWS, FLOWS).noCollision()),
            "that is the chance that some two collide")
        .otherwise("the first flow is free, the second must avoid one of four, and so on");
  }

  private static double idleUplinks() {
    return UPLINKS * (1 - Collisions.of(UPLINKS, UPLINKS).usedShare());
  }

  private static Exercise idle() {
    return Exercise.number("idle uplinks", BalancingExercises::idleUplinks, 0.02)
        .mistake(() -> UPLINKS - idleUplinks(), "those are the uplinks in use")
        .mistake(
            () -> idleUplinks() / UPLINKS, "that is the share of one uplink: how many are there?")
        .otherwise("one uplink is idle when every flow misses it: Collisions has the share in use");
  }

  private static Exercise share() {
    return Exercise.number("share", () -> LINK_BITS / SAME_LINK, 0.02)
        .mistake(
            answer -> !(answer instanceof Rate),
            "give a rate with its unit, as in check(\"share\", gbps(50))")
        .mistake(() -> LINK_BITS / 2, "the fullest uplink has more than two of them: count again")
        .otherwise("the step ends with its slowest flow: how many share the fullest uplink?");
  }

  private static Exercise gap() {
    return Exercise.number("gap", () -> QUEUE_BYTES * 8 / LINK_BITS, 0.03)
        .mistake(() -> QUEUE_BYTES / LINK_BITS, "the queue is in bytes, the rate in bits a second")
        .mistake(
            answer -> !(answer instanceof Time),
            "give a time with its unit, as in check(\"gap\", us(3))")
        .otherwise("the next burst must not overtake the last one, which still waits in the queue");
  }

  private static Exercise cores() {
    return Exercise.number("cores", () -> PORTS / 2.0, 0)
        .mistake(() -> PORTS * PORTS / 4.0, "those are all cores of the tree")
        .mistake(
            answer -> answer instanceof Number n && n.intValue() == 1,
            "one core for each aggregation switch: how many of those has a pod?")
        .otherwise("each aggregation switch of the pod sends all it gets to one of its cores");
  }

  private static Exercise ordered() {
    return Exercise.that("in order", answer -> answer instanceof Run run && isQuickInOrder(run))
        .mistake(
            answer -> !(answer instanceof Run),
            "give the run: check(\"in order\", job.over(inOrder).balancing(...).run())")
        .mistake(
            answer -> answer instanceof Run run && run.networkLoad().retransmissions() > 0,
            "packets overtook each other: choose by flow")
        .mistake(
            answer -> answer instanceof Run run && placesDirectly(run),
            "that receiver takes packets in any order: run it over(inOrder)")
        .otherwise("not fast enough: more entropy, or somebody who knows all flows");
  }

  private static boolean isQuickInOrder(Run run) {
    return !placesDirectly(run)
        && run.flows().rowCount() == 64
        && run.networkLoad().retransmissions() == 0
        && run.completion().compareTo(Units.us(PLACED_US)) < 0;
  }

  private static boolean placesDirectly(Run run) {
    return run.provenance().facts().getOrDefault("transport", "").contains("direct data placement");
  }
}
