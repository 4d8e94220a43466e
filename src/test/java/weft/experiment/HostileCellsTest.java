package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gb;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.mbps;
import static weft.units.Units.ms;
import static weft.units.Units.seconds;
import static weft.units.Units.us;

import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.routing.Flowlet;
import weft.transport.CongestionControl;
import weft.transport.CongestionControl.Controller;
import weft.transport.Credits;
import weft.transport.Dcqcn;
import weft.transport.Framing;
import weft.transport.Pfc;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Tcp;
import weft.transport.Timely;
import weft.transport.fluid.FluidDcqcn;
import weft.transport.fluid.FluidTimely;

/** Cells with values that nobody can mean: each is told the rule, the value and the remedy. */
class HostileCellsTest {
  private static final int HUGE = Integer.MAX_VALUE;
  private static final Fabric TWO = Fabric.singleSwitch().hosts(2).build();
  private static final Experiment ONE_FLOW =
      Experiment.on(TWO).run(Traffic.of(new Flow(0, 1, kb(100), us(0))));

  private static Experiment under(CongestionControl control) {
    return ONE_FLOW.over(RoceV2.lossless(control));
  }

  private static Arguments told(String message, Executable cell) {
    return Arguments.of(message, cell);
  }

  static Stream<Arguments> cells() {
    return Stream.of(
        told("at most 1,048,576 of them", () -> Fabric.drawn("a[1-1000000000] --100G 1us-- s")),
        told("to 65536, but leafPorts was", () -> Fabric.leafSpine().leafPorts(HUGE, HUGE)),
        told("at least 1 Mb/s, but its rate was 1 b/s", () -> Bottleneck.of(mbps(1e-6)).run(us(1))),
        told(
            "at most 1 s, but was 2 s",
            () -> Fabric.singleSwitch().hosts(2).cable(seconds(2)).build()),
        told("at most 1 s, but switchLatency", () -> TWO.switchLatency(seconds(2))),
        told("1 B to 65536 B, but bufferCell was 1 GB", () -> TWO.bufferCell(gb(1))),
        told("node 9 does not exist", () -> TWO.bufferOf(9)),
        told("a link must be given", () -> TWO.isScaleUp(null)),
        told(
            "as long as the fastest, but they take 9",
            () ->
                Experiment.on(
                        Fabric.drawn(
                            "a --1.6T 0us-- s\nb --1.6T 900ms-- s\ns --1.6T 0us-- t\nc --1.6T 0us-- t"))
                    .run(Traffic.of(new Flow(0, 1, kb(1), us(0))))
                    .over(RoceV2.lossy(Dcqcn.defaults()))
                    .run()),
        told("at most 32767 B", () -> new Framing(HUGE, HUGE, 1, 1)),
        told("must be given", () -> Pfc.headroom(null, us(1), 4194)),
        told("but was -5: RoCEv2's", () -> Pfc.headroom(gbps(400), us(1), -5)),
        told("but was 0: RoCEv2's", () -> Credits.enough(gbps(400), us(1), 0)),
        told("or Credits.enough()", () -> Credits.of(null)),
        told("at most 120 s, but was 121 s", () -> Tcp.cubic().leastTimeout(seconds(121))),
        told("traffic classes have names", () -> Scheduling.strict("training", " ")),
        told("traffic class 7 does not exist", () -> Scheduling.priority(7)),
        told("at most 10 s, but its length", () -> FluidDcqcn.of(Dcqcn.paper()).run(seconds(11))),
        told("at least 1 byte", () -> FluidDcqcn.of(Dcqcn.paper()).packet(bytes(0))),
        told(
            "delay is at most 1 s",
            () -> FluidTimely.of(Timely.patched()).propagation(seconds(1000))),
        told("at most 10 s, but its length", () -> Bottleneck.of(gbps(40)).run(seconds(1e6))),
        told("at most 1,048,576 GPUs", () -> Traffic.permutation(HUGE, kb(1), 1)),
        told("has 1 to 1 senders", () -> Traffic.incast(TWO, 0, kb(1))),
        told("at most 1,048,576 entries", () -> Flowlet.gap(us(1)).table(HUGE)),
        told("but was given 1.0E-12: 0.5 is half", () -> Fault.slowHost(0, 1e-12)),
        told("return a PortSelector", () -> ONE_FLOW.balancing(here -> null).run()),
        told("return a Controller", () -> under(connection -> null).run()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void isToldWhatToWrite(String message, Executable cell) {
    String told = assertThrows(IllegalArgumentException.class, cell).getMessage();
    assertTrue(told.contains(message), told);
    assertTrue(told.contains(": "), told);
  }

  /** At 1e-300 b/s the next packet would be due after the end of simulated time. */
  @Test
  void aControllerKeepsALeastRate() {
    Controller still =
        new Controller() {
          @Override
          public double bitsPerSecond() {
            return 1e-300;
          }
        };
    String told =
        assertThrows(IllegalStateException.class, () -> under(connection -> still).run())
            .getMessage();
    assertTrue(told.contains("at least 1000, but that of queue pair 0 was 1.0E-300"), told);
  }

  @Test
  void samplingALongSilenceIsInterrupted() {
    Experiment late =
        Experiment.on(TWO).run(Traffic.of(new Flow(0, 1, kb(1), seconds(4e6)))).sampling(us(1));
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, late::run);
  }

  @Test
  void anExperimentThatWasNotRunSaysSo() {
    assertEquals(
        "flows on single switch over %s with 5-tuple ECMP: add .run()"
            .formatted(ONE_FLOW.transport()),
        ONE_FLOW.toString());
    assertTrue(
        FluidDcqcn.of(Dcqcn.paper()).flows(2).run(ms(1)).toString().startsWith("fluid: 2 flows"));
  }
}
