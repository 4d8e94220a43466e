package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.experiment.Bottleneck;
import weft.experiment.BottleneckRun;
import weft.experiment.Comparison;
import weft.experiment.Experiment;
import weft.experiment.Flow;
import weft.experiment.Run;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.transport.Acknowledgement;
import weft.transport.CongestionControl;
import weft.transport.Connection;
import weft.transport.Dcqcn;
import weft.transport.Hpcc;
import weft.transport.RoceV2;
import weft.transport.Swift;
import weft.transport.Timely;
import weft.transport.fluid.FluidDcqcn;
import weft.units.Time;

/** The figures that notebook 11, Congestion control, tells its reader, and its exercises. */
class CongestionNotebookTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(6, DGX_H100).leafRadix(16).build();
  private static final Experiment INCAST =
      Experiment.on(FABRIC)
          .run(Traffic.incast(FABRIC, 16, mb(4)).and(new Flow(24, 1, mb(4), Time.ZERO)));

  /** 64 MB at 400 Gb/s x 4096/4178 (reference/headers.csv). */
  private static final double LINE_US = 64e6 * 8 * 4178 / 4096 / 400e3;

  private static double victim(Comparison comparison, int run) {
    return comparison.message(16).doubleColumn("message time (us)").get(run);
  }

  /** Pause frames double what the victim takes; a window of one BDP needs none of them. */
  @Test
  void whoDidNothingPaysForPauseFramesAndWindowsSpareIt() {
    var all =
        INCAST.compareControls(
            CongestionControl.none(), Dcqcn.defaults(), Hpcc.defaults(), Swift.defaults());
    double alone =
        Experiment.on(FABRIC)
            .run(Traffic.of(new Flow(24, 1, mb(4), Time.ZERO)))
            .run()
            .completion()
            .micros();
    assertEquals(2, victim(all, 0) / alone, 0.1);
    assertTrue(victim(all, 1) < 0.75 * victim(all, 0));
    assertTrue(victim(all, 3) < 1.15 * alone);
    Run none = all.runs().get(0);
    Run dcqcn = all.runs().get(1);
    assertEquals(LINE_US, none.completion().micros(), 0.01 * LINE_US);
    assertEquals(1.2, dcqcn.completion().micros() / LINE_US, 0.05);
    assertTrue(dcqcn.networkLoad().pauses() < none.networkLoad().pauses() / 4);
    for (int windowed : new int[] {2, 3}) {
      assertEquals(0, all.runs().get(windowed).networkLoad().pauses());
    }
  }

  /** Its parameters are for 10 Gb/s. */
  @Test
  void timelyTakesThirtyTimesAsLongOnALinkFortyTimesAsFast() {
    double slow = INCAST.compareControls(Timely.defaults()).runs().get(0).completion().micros();
    assertTrue(slow > 25 * LINE_US && slow < 40 * LINE_US, slow + " us");
  }

  /** Zhu et al., CoNEXT 2016: calm at 4 us, ten flows oscillate at 85 us. */
  @Test
  void tenFlowsSettleNearByAndSwingFarAway() {
    FluidDcqcn model = FluidDcqcn.of(Dcqcn.paper()).flows(10);
    assertEquals(122_623, model.fixedPoint().queueBytes(), 1); // DCQCN.fix.q.N10
    assertTrue(model.delay(us(4)).phaseMargin() > 5);
    assertTrue(model.delay(us(85)).phaseMargin() < 0);
    Bottleneck link = Bottleneck.of(gbps(40)).flows(10).under(Dcqcn.paper());
    BottleneckRun near = link.run(ms(50));
    BottleneckRun far = link.cable(us(21)).run(ms(50));
    double paced = ((FluidDcqcn) link.fluid().orElseThrow()).pacedFixedPoint().queueBytes();
    assertEquals(paced, near.packets().settledQueue(), 0.15 * paced);
    assertTrue(far.packets().settledSwing() > 2 * near.packets().settledSwing());
    assertTrue(far.packets().settledQueue() < near.packets().settledQueue() / 2);
  }

  @ParameterizedTest
  @CsvSource({"three cuts,12.5", "marks,0.487", "equipment,hpcc"})
  void rightAnswersAreAccepted(String exercise, String answer) {
    assertTrue(check(exercise, answer).isRight(), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "three cuts,50,first",
    "three cuts,25,one more",
    "three cuts,12500000000,Gb/s",
    "three cuts,0,what part",
    "climb,137.5,unit",
    "marks,0.00487,percent",
    "marks,0.5,empty queue",
    "marks,0,straight line",
    "how far,62,unit",
    "equipment,Swift,by themselves",
    "equipment,DCQCN,more than two bits",
    "race,1300,give the run"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = check(exercise, answer);
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"12.5", "137", "0.487", "62", "HPCC", "window"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  private static Verdict check(String exercise, String answer) {
    Object given = answer.matches("[0-9.]+") ? Double.valueOf(answer) : answer;
    return Exercises.STANDARD.check(exercise, given);
  }

  @Test
  void timesAreAnsweredWithTheirUnits() {
    assertTrue(Exercises.STANDARD.check("climb", ms(137.5)).isRight());
    assertTrue(Exercises.STANDARD.check("climb", ms(27.5)).hint().contains("hyper"));
    assertTrue(Exercises.STANDARD.check("how far", us(62)).isRight());
    assertTrue(Exercises.STANDARD.check("how far", us(86)).hint().contains("two flows"));
    assertTrue(Exercises.STANDARD.check("how far", us(4)).hint().contains("sign"));
  }

  /** The notebook's AIMD, with or without a window of one bandwidth-delay product. */
  private record Aimd(double kept, boolean windowed) implements CongestionControl {
    @Override
    public Controller open(Connection connection) {
      double line = connection.nic().bitsPerSecond();
      return new Controller() {
        private double rate = line;
        private long calm;

        @Override
        public double bitsPerSecond() {
          return rate;
        }

        @Override
        public long windowBytes() {
          return windowed ? connection.bandwidthDelay().bytes() : Long.MAX_VALUE;
        }

        @Override
        public void onAcknowledgement(Acknowledgement ack) {
          if (!ack.marked()) {
            rate = Math.min(line, rate + 1e8);
          } else if (ack.nowPs() >= calm) {
            rate = Math.max(1e9, rate * kept);
            calm = ack.nowPs() + ack.rttPs();
          }
        }
      };
    }
  }

  private static Verdict race(CongestionControl control) {
    Run run = INCAST.over(RoceV2.lossless(control)).run();
    return Exercises.STANDARD.check("race", run);
  }

  @Test
  void aWindowAndGentleCutsWinTheRace() {
    assertTrue(race(new Aimd(0.875, true)).isRight());
    assertTrue(race(new Aimd(0.5, false)).hint().contains("paused"));
    assertTrue(race(new Aimd(0.5, true)).hint().contains("idle"));
    Run other = INCAST.run(Traffic.incast(FABRIC, 2, mb(1))).run();
    assertTrue(Exercises.STANDARD.check("race", other).hint().contains("victim"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "congestion control",
        "pause frame",
        "victim flow",
        "RED",
        "alpha",
        "fast recovery",
        "additive increase",
        "hyper increase",
        "AIMD",
        "fluid model",
        "fixed point",
        "feedback delay",
        "phase margin",
        "TIMELY",
        "HPCC",
        "INT",
        "Swift",
        "DCTCP",
        "NSCC",
        "RCCC"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
