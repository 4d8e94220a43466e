package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.routing.Ecmp;
import weft.routing.Spray;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.units.Rate;

/** Conservation, and the same bits again, on random fabrics under random traffic. */
class RandomFabricTest {
  private static final Rate[] RATES = {gbps(10), gbps(25), gbps(100), gbps(400)};

  /** Two to four GPUs a leaf, some in servers; leaves joined in a ring and at random. */
  static Fabric fabric(RandomGenerator random) {
    var nodes = new ArrayList<Node>();
    var links = new ArrayList<Link>();
    int leaves = 1 + random.nextInt(4);
    for (int l = 0; l < leaves; l++) {
      nodes.add(Node.leaf("leaf" + l));
    }
    for (int l = 0; l < leaves; l++) {
      for (int m = 0; m < l; m++) {
        if (m == l - 1 || random.nextBoolean()) {
          links.add(cable(l, m, random));
        }
      }
      boolean server = random.nextBoolean();
      int nvSwitch = server ? nodes.size() : -1;
      if (server) {
        nodes.add(Node.nvswitch("nvswitch" + l, l));
      }
      for (int g = 2 + random.nextInt(3); g > 0; g--) {
        links.add(cable(nodes.size(), l, random));
        if (server) {
          links.add(new Link(nodes.size(), nvSwitch, gbps(3600), ns(100)));
        }
        nodes.add(Node.gpu("gpu" + nodes.size(), server ? l : Node.NO_SERVER));
      }
    }
    return Fabric.of("random", nodes, links).switchLatency(ns(random.nextInt(1000)));
  }

  /** Some with switches that cut through, some with buffers in cells. */
  static Fabric withOddSwitches(Fabric fabric, long seed) {
    Fabric made = seed % 3 == 0 ? fabric.cutThrough() : fabric;
    return seed % 4 == 1 ? made.bufferCell(bytes(208)) : made;
  }

  private static Link cable(int a, int b, RandomGenerator random) {
    return new Link(a, b, RATES[random.nextInt(RATES.length)], ns(random.nextInt(2000)));
  }

  private static PacketEngine run(long seed) {
    var random = new RandomStreams(seed).named("test");
    var fabric = fabric(random);
    boolean lossy = random.nextInt(3) == 0;
    var control = random.nextBoolean() ? Dcqcn.defaults() : CongestionControl.none();
    var transport = (lossy ? RoceV2.lossy(control) : RoceV2.lossless(control)).timeout(6);
    if (random.nextBoolean()) {
      transport = transport.directDataPlacement();
    }
    var balancing = random.nextInt(3) == 0 ? Spray.perPacket() : Ecmp.fiveTuple();
    var engine =
        new PacketEngine(
            fabric.buffer(lossy ? kib(32 + random.nextInt(100)) : mib(4)),
            transport,
            balancing,
            seed);
    int budget = 30;
    int gpus = fabric.gpus();
    int[] left = {budget};
    engine.onDelivery(
        (message, time) -> {
          if (left[0]-- > 0) {
            int qp = engine.connect(message % gpus, (message + 1) % gpus);
            long start = time + engine.lookaheadPs() + random.nextInt(1_000_000);
            engine.send(qp, 1 + random.nextInt(100_000), start);
          }
        });
    for (int i = 0; i < 20; i++) {
      int source = random.nextInt(gpus);
      int qp = engine.connect(source, (source + 1 + random.nextInt(gpus - 1)) % gpus);
      engine.send(qp, 1 + random.nextInt(400_000), random.nextInt(20_000_000));
      engine.send(qp, 1 + random.nextInt(5_000), random.nextInt(100_000_000));
    }
    for (int i = 1; i < 20; i++) { // verify() in the midst of things
      engine.runUntil(i * 3_000_000L);
      engine.verify();
    }
    engine.run();
    return engine;
  }

  static LongStream seeds() {
    return LongStream.range(0, 240);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void bytesAreConserved(long seed) {
    var engine = run(seed);
    assertEquals(List.of(), gaveUp(engine) ? List.of() : engine.stuck());
    for (int m = 0; m < engine.messages(); m++) {
      assertTrue(engine.deliveredPs(m) <= engine.acknowledgedPs(m) || gaveUp(engine));
    }
  }

  private static boolean gaveUp(PacketEngine engine) {
    for (int qp = 0; qp < engine.queuePairs(); qp++) {
      if (engine.status(qp) != QueuePairCounters.Status.OK) {
        return true;
      }
    }
    return false;
  }

  static long checksum(PacketEngine engine) {
    long sum = engine.packetHops();
    for (int m = 0; m < engine.messages(); m++) {
      sum = RandomStreams.mix(sum ^ engine.deliveredPs(m)) + engine.acknowledgedPs(m);
    }
    for (PortCounters port : engine.allPorts()) {
      sum = RandomStreams.mix(sum ^ port.busyPs()) + port.marks() + port.maxQueueBytes();
    }
    return sum;
  }

  /** Recorded on JDK 17; other machines and JDKs must find the same. */
  @Test
  void theSameSeedGivesTheSameBits() {
    long sum = 0;
    for (long seed = 0; seed < 40; seed++) {
      long once = checksum(run(seed));
      assertEquals(once, checksum(run(seed)));
      sum = RandomStreams.mix(sum ^ once);
    }
    assertEquals(3050671896212810278L, sum);
  }
}
