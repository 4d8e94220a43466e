package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.routing.Ecmp;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;

/**
 * The queue at which N flows settle, against the fixed point of the fluid model (Zhu et al., ECN or
 * Delay, CoNEXT 2016, Theorem 1 and eq. p_fixed), 40 Gb/s, the paper's parameters.
 *
 * <p>The model's packets have 1000 B, those of RoCEv2 with MTU 1024 have 1106 on the wire, so the
 * equation is solved for 1106; at 1000 it gives the published 20.15 and 122.6 KB.
 */
class DcqcnFixedPointTest {
  private static final int WIRE = 1024 + RoceV2.OVERHEAD;

  /** q* in bytes, by bisection on p; a to e as the paper names them, rates in packets a second. */
  private static double fixedPoint(int flows, double packetBytes) {
    double rate = 40e9 / 8 / packetBytes / flows;
    double additive = 40e6 / 8 / packetBytes;
    double tau = 50e-6;
    double timer = 55e-6;
    double byteCounter = 10e6 / packetBytes;
    double low = 1e-9;
    double high = 0.01;
    for (int i = 0; i < 100; i++) {
      double p = (low + high) / 2;
      double alpha = 1 - Math.pow(1 - p, timer * rate);
      double a = 1 - Math.pow(1 - p, tau * rate);
      double b = p / (Math.pow(1 - p, -byteCounter) - 1);
      double c = b * Math.pow(1 - p, 5 * byteCounter);
      double d = p / (Math.pow(1 - p, -timer * rate) - 1);
      double e = d * Math.pow(1 - p, 5 * timer * rate);
      boolean above = a * a * alpha / ((b + d) * (c + e)) > tau * tau * additive * rate;
      low = above ? low : p;
      high = above ? p : high;
    }
    return low / 0.01 * 195_000 + 5_000;
  }

  /** Mean bytes waiting at the shared port from 50 to 150 ms. */
  private static double measured(int flows) {
    var fabric = Sketch.of("abcdefghijk --40G 500ns-- s").switchLatency(ns(0));
    var roce = RoceV2.lossless(Dcqcn.paper()).mtu(bytes(1024));
    var engine = new PacketEngine(fabric, roce, Ecmp.fiveTuple(), 1);
    for (int f = 0; f < flows; f++) {
      engine.send(engine.connect(f, 10), 2_000_000_000L, 0);
    }
    int samples = 20_000;
    double[] sum = new double[1];
    engine.onWakeUp((token, time) -> sum[0] += engine.queueBytes(2 * 10 + 1));
    for (int i = 0; i < samples; i++) {
      engine.at(50_000_000_000L + i * 5_000_000L, i);
    }
    engine.run(() -> engine.now() >= 149_900_000_000L);
    return sum[0] / samples;
  }

  @ParameterizedTest(name = "{0} flows: {1} B")
  @CsvSource({"2, 20151.3", "10, 122623"})
  void theEquationIsThePublishedOne(int flows, double published) {
    assertEquals(published, fixedPoint(flows, 1000), 1e-4 * published);
  }

  @Test
  void tenFlowsSettleAtTheFixedPoint() {
    double model = fixedPoint(10, WIRE);
    assertEquals(model, measured(10), 0.2 * model);
  }

  /**
   * With two flows the packets' queue settles about a quarter above the fluid's 21.7 KB. A single
   * cut moves it by as much as it holds, noise that the fluid does not have; that this is the whole
   * reason was not shown.
   */
  @Test
  void twoFlowsSettleSomewhatAbove() {
    double model = fixedPoint(2, WIRE);
    double mean = measured(2);
    assertTrue(mean > 0.85 * model && mean < 1.5 * model, mean + " B against " + model);
  }
}
