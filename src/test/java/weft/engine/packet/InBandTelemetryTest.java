package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.transport.Acknowledgement;
import weft.transport.CongestionControl;
import weft.transport.Connection;
import weft.transport.Dcqcn;
import weft.transport.Hpcc;
import weft.transport.RoceV2;

/** What switches write into packets, and what HPCC makes of it. */
class InBandTelemetryTest {
  private static final int WIRE = 4096 + RoceV2.OVERHEAD + 42;

  /** Sends at line rate and writes down what acknowledgements bring. */
  private record Listening(List<long[]> heard) implements CongestionControl {
    @Override
    public Set<Signal> signals() {
      return Set.of(Signal.TELEMETRY);
    }

    @Override
    public Controller open(Connection connection) {
      return new Controller() {
        @Override
        public double bitsPerSecond() {
          return 1e12;
        }

        @Override
        public void onAcknowledgement(Acknowledgement ack) {
          for (int h = 0; h < ack.hops(); h++) {
            long rate = ack.bitsPerSecond(h);
            heard.add(new long[] {h, ack.queueBytes(h), ack.txBytes(h), ack.timePs(h), rate});
          }
        }
      };
    }
  }

  @Test
  void eachSwitchWritesItsQueueItsCounterItsClockAndItsRate() {
    var fabric =
        Sketch.of(
                """
                ab --100G 1000ns-- s
                s --200G 2000ns-- t
                c --100G 1000ns-- t
                """)
            .switchLatency(ns(300));
    var listening = new Listening(new ArrayList<>());
    var engine = new PacketEngine(fabric, RoceV2.lossless(listening), Ecmp.fiveTuple(), 1);
    engine.send(engine.connect(0, 2), 3 * 4096, 0);
    engine.run();
    int first = WIRE + RoceV2.RETH;
    long leaves = 0;
    long free = 0; // when t has sent the packet before, whose RETH makes it longer
    for (int packet = 0; packet < 3; packet++) {
      int wire = packet == 0 ? first : WIRE;
      long sent = first + (long) packet * WIRE;
      leaves += wire * 80L;
      long s = leaves + 1_000_000 + 300_000;
      long t = Math.max(free, s + wire * 40L + 2_000_000 + 300_000);
      free = t + wire * 80L;
      assertEquals(List.of(0L, 0L, sent, s, 200_000_000_000L), heard(listening, 2 * packet));
      assertEquals(List.of(1L, 0L, sent, t, 100_000_000_000L), heard(listening, 2 * packet + 1));
    }
    assertEquals(6, listening.heard().size());
  }

  private static List<Long> heard(Listening listening, int record) {
    return Arrays.stream(listening.heard().get(record)).boxed().toList();
  }

  /** Of two flows into one port the second finds what the first has left waiting. */
  @Test
  void aQueueIsWhatThePacketLeavesBehind() {
    var fabric = Sketch.of("abc --100G 1000ns-- s").switchLatency(ns(0)).buffer(mib(4));
    var listening = new Listening(new ArrayList<>());
    var engine = new PacketEngine(fabric, RoceV2.lossless(listening), Ecmp.fiveTuple(), 1);
    engine.send(engine.connect(1, 0), 4096, 0);
    engine.send(engine.connect(2, 0), 4096, 0);
    engine.run();
    assertEquals(0, listening.heard().get(0)[1]);
    assertEquals(0, listening.heard().get(1)[1]);
    long apart = listening.heard().get(1)[3] - listening.heard().get(0)[3];
    assertEquals((WIRE + RoceV2.RETH) * 80L, apart);
  }

  /**
   * HPCC holds a port at η = 95 % with next to no queue (Li et al., SIGCOMM 2019, figure 9), where
   * DCQCN has one of its marking thresholds' size. Cables are long because a single packet that
   * waits counts as wire / (B T): 6 % at a base round trip T of 5 us.
   */
  @Test
  void hpccFillsAPortWithoutAQueue() {
    Fabric star = Sketch.of("abcdefghi --100G 5000ns-- s").switchLatency(ns(0)).buffer(mib(16));
    double[] hpcc = settled(star, Hpcc.defaults());
    double[] dcqcn = settled(star, Dcqcn.defaults());
    assertEquals(0.95, hpcc[0], 0.02);
    assertTrue(hpcc[1] < 4 * WIRE, hpcc[1] + " B wait under HPCC");
    assertTrue(dcqcn[1] > 10 * hpcc[1], dcqcn[1] + " B wait under DCQCN");
  }

  /** Utilisation of the last hop of an incast, and its mean queue in bytes, from 1 to 3 ms. */
  private static double[] settled(Fabric star, CongestionControl control) {
    var engine = new PacketEngine(star, RoceV2.lossless(control), Ecmp.fiveTuple(), 1);
    for (int s = 1; s < 9; s++) {
      engine.send(engine.connect(s, 0), 10_000_000, 0);
    }
    double queue = 0;
    engine.runUntil(us(1000).ps());
    long busy = engine.port(1).busyPs();
    for (int i = 1; i <= 400; i++) {
      engine.runUntil(us(1000).ps() + i * us(5).ps());
      queue += engine.queueBytes(1) / 400.0;
    }
    return new double[] {(engine.port(1).busyPs() - busy) / (double) us(2000).ps(), queue};
  }
}
