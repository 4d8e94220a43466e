package weft.notebook.course;

import java.util.List;
import java.util.Random;
import weft.experiment.Run;
import weft.transport.Pfc;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/** The exercises of notebook 10, Lossless Ethernet. */
final class LosslessExercises {
  private static final double RATE_GBPS = 200;
  private static final double FIBRE_SECONDS = 300 / 1.98e8;
  private static final long LARGEST = 4194;
  private static final double QUANTA = 65_535;
  private static final double QUANTUM_BITS = 512;
  private static final double PAUSED_BITS = 400e9;
  private static final double SHARED = 18e6;
  private static final double ALPHA = 1 / 8.0;
  private static final int INPUTS = 10;
  private static final int FIRST_SENDER = 8;
  private static final int SENDERS = 24;
  private static final double FREED_GBPS = 60;

  private LosslessExercises() {}

  static List<Exercise> all() {
    return List.of(headroom(), longestPause(), threshold(), firstPause(), culprit(), marksFirst());
  }

  private static double needed(double cableSeconds) {
    return Pfc.headroom(Units.gbps(RATE_GBPS), Units.seconds(cableSeconds), LARGEST);
  }

  private static Exercise headroom() {
    return Exercise.number("headroom", () -> needed(FIBRE_SECONDS), 0.02)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"headroom\", kb(8))")
        .mistake(
            () -> needed(FIBRE_SECONDS / 2), "the pause goes one way, the packets come the other")
        .mistake(
            () -> needed(FIBRE_SECONDS) - 2.0 * LARGEST, "a packet may be under way at each end")
        .mistake(() -> needed(0), "you left out what is on the cable")
        .otherwise("Pfc.headroom adds it up: the cable's time is its length over 1.98e8 m/s");
  }

  private static double pause(double bitsPerSecond) {
    return QUANTA * QUANTUM_BITS / bitsPerSecond;
  }

  private static Exercise longestPause() {
    return Exercise.number("longest pause", () -> pause(PAUSED_BITS), 0.01)
        .mistake(
            answer -> !(answer instanceof Time),
            "give a time with its unit, as in check(\"longest pause\", us(3))")
        .mistake(() -> pause(PAUSED_BITS / 4), "that is at 100 Gb/s: a quantum is a number of bits")
        .mistake(() -> pause(PAUSED_BITS) * 8, "a quantum is 512 bits, not bytes")
        .otherwise("the largest number of quanta that 16 bits hold, each 512 bit times");
  }

  private static double stopsAt(int inputs) {
    return ALPHA * SHARED / (1 + inputs * ALPHA);
  }

  private static Exercise threshold() {
    return Exercise.number("pause threshold", () -> stopsAt(INPUTS), 0.01)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"pause threshold\", mb(3))")
        .mistake(() -> ALPHA * SHARED, "that is alpha x all of it: what is still free by then?")
        .mistake(() -> stopsAt(1), "that is for one input alone")
        .mistake(() -> SHARED / INPUTS, "an equal share would leave nothing free: where is alpha?")
        .mistake(() -> INPUTS * stopsAt(INPUTS), "that is what all inputs hold together")
        .otherwise("each stops at alpha x free, and free is what all of them leave");
  }

  private static Exercise firstPause() {
    return Exercise.word("first pause", "leaf1")
        .mistake(
            answer -> String.valueOf(answer).strip().equalsIgnoreCase("leaf0"),
            "leaf0 pauses the GPUs, but only because it is paused itself: by whom?")
        .otherwise("where does the queue grow first? Follow the pauses towards it");
  }

  private static Exercise culprit() {
    String name = "gpu" + (FIRST_SENDER + new Random(10).nextInt(SENDERS));
    return Exercise.word("culprit", name, "NIC of " + name)
        .otherwise("mystery.drops() has a column source, and another with the DSCP");
  }

  private static Exercise marksFirst() {
    return Exercise.that("marks first", answer -> answer instanceof Run run && isFree(run))
        .mistake(
            answer -> !(answer instanceof Run),
            "give the run: check(\"marks first\", beside.over(...).run())")
        .mistake(
            answer -> answer instanceof Run run && run.flows().rowCount() != 9,
            "run what beside runs: the incast and the flow beside it")
        .mistake(
            answer -> answer instanceof Run run && run.networkLoad().drops() > 0,
            "packets were dropped: keep it lossless")
        .mistake(
            answer -> answer instanceof Run run && run.networkLoad().marks() == 0,
            "nothing was marked: at what is an input of this buffer paused?")
        .otherwise("still paused too often: mark earlier, so that senders slow down before");
  }

  private static boolean isFree(Run run) {
    return run.flows().rowCount() == 9
        && run.networkLoad().drops() == 0
        && run.flows().intColumn("source").get(8) == 9
        && run.flows().doubleColumn("rate (Gb/s)").get(8) > FREED_GBPS;
  }
}
