package weft.notebook.course;

import java.util.List;
import java.util.Map;
import weft.experiment.Run;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.units.Time;
import weft.units.Units;

/** The exercises of notebook 09, On the wire. */
final class PacketExercises {
  private static final RoceV2 ROCE = RoceV2.lossy(CongestionControl.none());
  private static final double MTU = 4096;
  private static final double SMALL = 64;
  private static final double LINK_GBPS = 800;
  private static final double ROUND_TRIP = 10e-6;
  private static final double LOSS = 1e-4;
  private static final double ENOUGH_GBPS = 300;
  private static final double LEAST_LOSS = 1e-3;
  private static final double LEAST_MS = 4; // 200 MB at 400 Gb/s without any loss

  private PacketExercises() {}

  static List<Exercise> all() {
    return List.of(version6(), smallWrite(), hop(), longWay(), tail(), timer());
  }

  private static double version6(double headers) {
    return 400 * 1024 / (1024 + headers);
  }

  private static Exercise version6() {
    double headers = ROCE.framing(RoceV2.IPV6).headers().bytes();
    return Exercise.number("version 6", () -> version6(headers), 0.002)
        .mistake(() -> version6(RoceV2.OVERHEAD), "that is IPv4: how long is an IPv6 header?")
        .mistake(() -> version6(headers) / 8, "those are gigabytes a second: give gigabits")
        .mistake(() -> version6(headers) / 400, "that is the share: of which rate?")
        .otherwise("400 x payload / (payload + headers): what are the headers over IPv6?");
  }

  private static Exercise smallWrite() {
    double overhead = RoceV2.OVERHEAD;
    return Exercise.number(
            "small write", () -> 100 * SMALL / (SMALL + overhead + RoceV2.RETH), 0.005)
        .mistake(
            () -> 100 * SMALL / (SMALL + overhead),
            "a middle packet would have so much; what does the first of a WRITE carry besides?")
        .mistake(() -> SMALL / (SMALL + overhead + RoceV2.RETH), "how many percent is that? x 100")
        .otherwise("payload over all bytes on the wire, in percent; it is the WRITE's only packet");
  }

  private static Exercise hop() {
    return Exercise.word(
            "hop",
            "ttl",
            "time to live",
            "mac",
            "mac address",
            "mac addresses",
            "source",
            "destination",
            "source mac",
            "destination mac",
            "checksum",
            "header checksum",
            "fcs")
        .mistake(
            answer -> String.valueOf(answer).strip().equalsIgnoreCase("icrc"),
            "the I stands for invariant")
        .otherwise("compare frame(0).table() of both taps, line by line: what differs?");
  }

  private static double longWay(double goodput, double packetBytes) {
    double window = ROUND_TRIP * LINK_GBPS * 1e9 / 8 / packetBytes;
    return goodput / (1 + LOSS * window);
  }

  private static Exercise longWay() {
    double wire = MTU + RoceV2.OVERHEAD;
    return Exercise.number("long way", () -> longWay(LINK_GBPS * MTU / wire, wire), 0.003)
        .mistake(
            answer -> near(answer, longWay(LINK_GBPS, wire)),
            "the repetitions are in it, the headers are not")
        .mistake(
            answer -> near(answer, LINK_GBPS * MTU / wire),
            "the headers are in it, the repetitions are not")
        .otherwise(
            "W = round trip x rate / (8 x 4178); then headers, and 1 + pW, each take a share");
  }

  private static boolean near(Object answer, double value) {
    return answer instanceof Number n && Exercise.near(n.doubleValue(), value, 0.003);
  }

  private static Exercise tail() {
    return Exercise.number("tail", () -> ROCE.timeout().seconds(), 0.02)
        .mistake(
            answer -> !(answer instanceof Time),
            "give a time with its unit, as in check(\"tail\", us(3))")
        .mistake(
            answer -> answer instanceof Time t && t.compareTo(Units.ms(1)) < 0,
            "a NAK needs a later packet that arrives: is there one?")
        .otherwise("4.096 us x 2^timeout, and the usual timeout is in roce.facts()");
  }

  private static Exercise timer() {
    return Exercise.that("timer", answer -> answer instanceof Run run && isFast(run))
        .mistake(
            answer -> !(answer instanceof Run),
            "give the run: check(\"timer\", write.over(...).losing(1e-3).run())")
        .mistake(
            answer -> answer instanceof Run run && !isLossy(run),
            "keep the 200 MB and losing(1e-3): the cables stay as bad as they are")
        .mistake(
            answer -> answer instanceof Run run && !goesBack(run),
            "that repeats selectively, which this adapter cannot: change its timer alone")
        .otherwise(
            "look at the timeouts in run.networkLoad(): how long was each, how long is a round trip?");
  }

  private static boolean isFast(Run run) {
    return isLossy(run) && goesBack(run) && run.goodput() > ENOUGH_GBPS;
  }

  private static boolean goesBack(Run run) {
    Map<String, String> facts = run.provenance().facts();
    return RoceV2.Reception.IN_ORDER.toString().equals(facts.get("reception"));
  }

  private static boolean isLossy(Run run) {
    String loss = run.provenance().facts().getOrDefault("loss of each network link", "0");
    return Double.parseDouble(loss) >= LEAST_LOSS
        && run.completion().compareTo(Units.ms(LEAST_MS)) > 0;
  }
}
