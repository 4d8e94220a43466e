package weft.notebook.course;

import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.mbps;
import static weft.units.Units.us;

import java.util.List;
import java.util.Locale;
import weft.experiment.Run;
import weft.transport.Dcqcn;
import weft.transport.Red;
import weft.transport.fluid.FluidDcqcn;
import weft.units.Time;

/** The exercises of notebook 11, Congestion control. */
final class CongestionExercises {
  private static final double LINE_GBPS = 100;
  private static final double CLIMB_GBPS = 100;
  private static final int QUEUE_KB = 100;
  private static final int FLOWS = 10;
  private static final int MESSAGES = 17;
  private static final double RACE_US = 1350;

  private CongestionExercises() {}

  static List<Exercise> all() {
    return List.of(cuts(), climb(), marks(), margin(), equipment(), race());
  }

  private static Exercise cuts() {
    return Exercise.number("three cuts", () -> LINE_GBPS / 8, 0.01)
        .mistake(() -> LINE_GBPS / 2, "that is the rate after the first of them")
        .mistake(() -> LINE_GBPS / 4, "one more CNP comes")
        .mistake(answer -> isWrongBy1e9(answer), "answer in Gb/s")
        .otherwise("what part does each cut take while alpha is 1?");
  }

  private static boolean isWrongBy1e9(Object answer) {
    return answer instanceof Number n && n.doubleValue() > 1e6;
  }

  private static double climbSeconds() {
    Dcqcn paper = Dcqcn.paper();
    double steps = CLIMB_GBPS * 1e9 / paper.additiveIncrease(gbps(400)).bitsPerSecond();
    return steps * paper.increaseTimer().seconds();
  }

  private static Exercise climb() {
    return Exercise.number("climb", CongestionExercises::climbSeconds, 0.02)
        .mistake(
            answer -> !(answer instanceof Time),
            "give a time with its unit, as in check(\"climb\", us(55))")
        .mistake(
            () -> climbSeconds() * mbps(40).bitsPerSecond() / mbps(200).bitsPerSecond(),
            "those are hyper increases; they need the byte counter too")
        .otherwise("how many steps of R_AI, and what comes between two of them?");
  }

  private static double marked() {
    Red red = Dcqcn.paper().marking();
    double span = red.kmax(gbps(40)) - red.kmin(gbps(40));
    return 100 * red.pmax() * (kb(QUEUE_KB).bytes() - red.kmin(gbps(40))) / span;
  }

  private static Exercise marks() {
    return Exercise.number("marks", CongestionExercises::marked, 0.01)
        .mistake(() -> marked() / 100, "right as a share, but the question asks for percent")
        .mistake(
            () -> 100 * Dcqcn.paper().marking().pmax() * QUEUE_KB / 200,
            "close, but the line does not begin at an empty queue")
        .otherwise("a straight line, from 0 at Kmin to Pmax at Kmax");
  }

  /** Where the margin passes 0, us, by halving. */
  private static double steadyUpTo(int flows) {
    double low = 4;
    double high = 200;
    while (high - low > 0.01) {
      double middle = (low + high) / 2;
      if (model(flows).delay(us(middle)).phaseMargin() > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static FluidDcqcn model(int flows) {
    return FluidDcqcn.of(Dcqcn.paper()).flows(flows);
  }

  private static Exercise margin() {
    return Exercise.number("how far", () -> steadyUpTo(FLOWS) * 1e-6, 0.03)
        .mistake(
            answer -> !(answer instanceof Time),
            "give a time with its unit, as in check(\"how far\", us(4))")
        .mistake(() -> steadyUpTo(2) * 1e-6, "that is how far two flows may be")
        .otherwise("try delays until the margin's sign changes");
  }

  private static Exercise equipment() {
    return Exercise.word("equipment", "HPCC", "Hpcc.defaults()")
        .mistake(
            answer -> String.valueOf(answer).toUpperCase(Locale.ROOT).contains("SWIFT"),
            "NICs take the time of a round trip by themselves")
        .otherwise("which one reads what switches wrote, more than two bits of it?");
  }

  private static Exercise race() {
    return Exercise.that("race", answer -> answer instanceof Run run && isWon(run))
        .mistake(
            answer -> !(answer instanceof Run),
            "give the run: check(\"race\", incast.over(RoceV2.lossless(...)).run())")
        .mistake(
            answer -> answer instanceof Run run && run.flows().rowCount() != MESSAGES,
            "run the same incast, with its victim")
        .mistake(
            answer -> answer instanceof Run run && run.networkLoad().pauses() > 0,
            "somebody was paused: all start at line rate, before any mark can come; what but a rate could hold them back?")
        .otherwise("nobody was paused, but it takes too long: is the port idle at times?");
  }

  private static boolean isWon(Run run) {
    return run.flows().rowCount() == MESSAGES
        && run.networkLoad().pauses() == 0
        && run.networkLoad().drops() == 0
        && run.completion().micros() < RACE_US;
  }
}
