package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.bytes;
import static weft.units.Units.kb;
import static weft.units.Units.mb;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.capture.Capture;
import weft.experiment.Experiment;
import weft.experiment.Flow;
import weft.experiment.Run;
import weft.experiment.Tap;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.units.DataSize;
import weft.units.Time;

/** The figures that notebook 09, On the wire, tells its reader, and its exercises. */
class PacketNotebookTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build();
  private static final RoceV2 ROCE = RoceV2.lossy(CongestionControl.none());
  private static final double GOODPUT = 400 * 4096 / 4178.0;

  private static Experiment write(DataSize size) {
    return Experiment.on(FABRIC).run(Traffic.of(new Flow(0, 8, size, Time.ZERO))).over(ROCE);
  }

  private static double window() {
    Run one = write(bytes(4096)).run();
    double roundTrip = one.flows().doubleColumn("acknowledged (us)").get(0);
    return roundTrip * 1e-6 * 400e9 / (8 * 4178);
  }

  /** pingdo.net's table of MTU/(MTU + 82), {@code headers.csv}, EFF.ROCEV2_IPV4. */
  @ParameterizedTest
  @CsvSource({"256,75.7396", "512,86.1953", "1024,92.5859", "2048,96.1502", "4096,98.0373"})
  void goodputFollowsThePublishedShare(int mtu, double published) {
    double simulated = write(mb(20)).over(ROCE.mtu(bytes(mtu))).run().goodput() / 4;
    assertEquals(published, simulated, 0.55);
    assertTrue(simulated < published);
  }

  @Test
  void oneLossIsToldByOneNakAndCostsARoundTrip() {
    Capture capture = write(kb(50)).losing(0.01).seed(35).capturing(Tap.gpu(0)).run().capture();
    assertEquals(1, capture.where(f -> f.info().contains("NAK PSN sequence error")).size());
    assertEquals(13 + 8, capture.where(f -> f.payloadBytes() > 0).size());
    var rare = write(mb(200)).losing(1e-5).run().networkLoad();
    assertEquals(2 * (window() + 1), (double) rare.retransmissions(), 2);
    assertEquals(0, rare.timeouts());
  }

  @Test
  void goBackCostsOnePlusPw() {
    double window = window();
    assertEquals(49.6, window, 0.1);
    for (double cable : new double[] {1e-4, 3e-4}) {
      double formula = GOODPUT / (1 + 4 * cable * window);
      assertEquals(formula, write(mb(200)).losing(cable).run().goodput(), 0.02 * formula);
      Run selective = write(mb(200)).over(ROCE.selectiveRepeat()).losing(cable).run();
      assertEquals(GOODPUT / (1 + 4 * cable), selective.goodput(), 0.005 * GOODPUT);
    }
  }

  /**
   * Wang et al., ICCCN 2019 (abstract): nearly zero beyond 1 % of loss, about 60 % where losses are
   * always told.
   */
  @Test
  void onePercentOfLossStopsGoBackUnlessItsTimerIsShort() {
    Experiment bad = write(mb(200)).losing(2.5e-3);
    Run collapsed = bad.run();
    assertTrue(collapsed.goodput() < 0.01 * GOODPUT, collapsed.goodput() + " Gb/s");
    assertTrue(collapsed.completion().compareTo(ms(67 * 8)) > 0);
    assertEquals(8, collapsed.networkLoad().timeouts());
    assertEquals(0.63, bad.over(ROCE.timeout(1)).run().goodput() / GOODPUT, 0.06);
    assertTrue(bad.over(ROCE.selectiveRepeat()).run().goodput() > 0.98 * GOODPUT);
  }

  @ParameterizedTest
  @CsvSource({
    "version 6,363.77",
    "small write,39.5",
    "hop,TTL",
    "hop,mac address",
    "long way,766.0"
  })
  void rightAnswersAreAccepted(String exercise, String answer) {
    assertTrue(check(exercise, answer).isRight(), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "version 6,370.3,IPv4",
    "version 6,45.47,gigabits",
    "version 6,0.909,share",
    "version 6,392,over IPv6",
    "small write,43.84,besides",
    "small write,0.395,percent",
    "small write,64,ONLY",
    "hop,ICRC,invariant",
    "hop,PSN,line by line",
    "long way,784.3,the repetitions are not",
    "long way,781.3,the headers are not",
    "long way,1,1 + pW",
    "tail,67,unit",
    "timer,4,give the run"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = check(exercise, answer);
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint.replace("ONLY", "only packet")), verdict.hint());
    for (String secret : new String[] {"363", "39.5", "766", "67", "TTL", "timeout(4)"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  private static Verdict check(String exercise, String answer) {
    Object given = answer.matches("[0-9.]+") ? Double.valueOf(answer) : answer;
    return Exercises.STANDARD.check(exercise, given);
  }

  @Test
  void aTailIsAnsweredAsATime() {
    assertTrue(Exercises.STANDARD.check("tail", ROCE.timeout()).isRight());
    assertTrue(Exercises.STANDARD.check("tail", us(4)).hint().contains("a later packet"));
  }

  @Test
  void aTimerIsAnsweredAsARun() {
    Experiment cables = write(mb(200)).losing(1e-3);
    assertTrue(Exercises.STANDARD.check("timer", cables.over(ROCE.timeout(4)).run()).isRight());
    assertHint("how long was each", cables.run());
    assertHint("cables stay", write(mb(200)).run());
    assertHint("timer alone", cables.over(ROCE.selectiveRepeat()).run());
  }

  private static void assertHint(String hint, Run answer) {
    Verdict verdict = Exercises.STANDARD.check("timer", answer);
    assertFalse(verdict.isRight());
    assertTrue(verdict.hint().contains(hint), verdict.hint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "capture",
        "pcapng",
        "BTH",
        "RETH",
        "AETH",
        "PSN",
        "RoCEv1",
        "GRH",
        "InfiniBand",
        "LRH",
        "UET",
        "FCS",
        "broadcast domain",
        "go-back-N",
        "selective repeat",
        "NAK",
        "path MTU",
        "round trip time",
        "bandwidth-delay product",
        "goodput"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
