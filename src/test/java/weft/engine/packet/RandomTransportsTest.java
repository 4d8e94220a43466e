package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.engine.packet.QueuePairCounters.Status;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Entropy;
import weft.transport.Hpcc;
import weft.transport.InfiniBand;
import weft.transport.LinkControl;
import weft.transport.Pfc;
import weft.transport.Rccc;
import weft.transport.RoceV1;
import weft.transport.RoceV2;
import weft.transport.Swift;
import weft.transport.Tcp;
import weft.transport.Transport;
import weft.transport.Uet;

/** Random fabrics, every transport, cables that lose packets: nothing hangs, nothing is made up. */
class RandomTransportsTest {
  private static final double[] LOSSES = {0, 0, 1e-3, 1e-2, 0.2};

  private static final List<Supplier<Transport>> TRANSPORTS =
      List.of(
          () -> RoceV2.lossless(Dcqcn.defaults()).timeout(6),
          () -> RoceV2.lossy(Dcqcn.defaults()).timeout(6).selectiveRepeat(),
          () -> RoceV2.lossy(Swift.defaults()).timeout(6).selectiveRepeat(),
          () -> RoceV2.lossy(CongestionControl.none()).timeout(6),
          () -> RoceV2.lossy(CongestionControl.none()).timeout(6).directDataPlacement(),
          () -> RoceV1.lossless().oneBroadcastDomain(),
          InfiniBand::defaults,
          () -> RoceV2.lossy(Hpcc.defaults()).timeout(6),
          () -> Uet.with(Hpcc.defaults()),
          Uet::defaults,
          () -> Uet.defaults().spraying(Entropy.random()).link(LinkControl.drop()),
          () -> Uet.defaults().ordered(),
          () -> Uet.with(Rccc.defaults()).spraying(Entropy.roundRobin(16)),
          () -> Uet.defaults().link(Pfc.dynamic()).retryingLinks(),
          Tcp::cubic,
          () -> Tcp.dctcp().withoutKernel(),
          () -> Tcp.cubic().control(Hpcc.defaults()));

  static Transport transport(int seed) {
    return TRANSPORTS.get(seed % TRANSPORTS.size()).get();
  }

  private static PacketEngine run(int seed, int threads) {
    var random = new RandomStreams(seed).named("test");
    var fabric = RandomFabricTest.withOddSwitches(RandomFabricTest.fabric(random), seed);
    Transport transport = transport(seed);
    boolean shallow = transport.link() instanceof LinkControl.Drop && random.nextBoolean();
    LoadBalancing balancing = random.nextInt(3) == 0 ? Spray.perPacket() : Ecmp.fiveTuple();
    var engine =
        new PacketEngine(
            fabric.buffer(shallow ? kib(32 + random.nextInt(100)) : mib(8)),
            transport,
            balancing,
            seed);
    engine.threads(threads);
    double loss = LOSSES[random.nextInt(LOSSES.length)];
    for (int port = 0; port < engine.ports(); port++) {
      engine.settings().loseAt(port, loss);
    }
    send(engine, fabric.gpus(), random);
    for (int i = 1; i < 10; i++) { // verify() in the midst of things
      engine.runUntil(i * us(5).ps());
      engine.verify();
    }
    engine.run();
    return engine;
  }

  static void send(PacketEngine engine, int gpus, RandomGenerator random) {
    for (int i = 0; i < 12; i++) {
      int source = random.nextInt(gpus);
      int qp = engine.connect(source, (source + 1 + random.nextInt(gpus - 1)) % gpus);
      engine.send(qp, 1 + random.nextInt(200_000), random.nextInt(20_000_000));
      engine.send(qp, 1 + random.nextInt(5_000), random.nextInt(100_000_000));
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 1000);
  }

  /** Messages are lost by no one but connections that gave up, which say so. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyMessageArrivesUnlessItsConnectionSaysThatItGaveUp(int seed) {
    var engine = run(seed, 1);
    for (int m = 0; m < engine.messages(); m++) {
      if (engine.status(engine.queuePair(m)) == Status.OK) {
        assertTrue(engine.deliveredPs(m) != PacketEngine.NOT_YET, "message " + m);
        assertTrue(engine.deliveredPs(m) <= engine.acknowledgedPs(m), "message " + m);
      }
    }
  }

  /** Recorded on JDK 17; other machines, JDKs and numbers of threads must find the same. */
  @Test
  void theSameSeedGivesTheSameBits() {
    long sum = 0;
    for (int seed = 0; seed < 3 * TRANSPORTS.size(); seed++) {
      long once = RandomFabricTest.checksum(run(seed, 1));
      assertEquals(once, RandomFabricTest.checksum(run(seed, 2)), "seed " + seed);
      sum = RandomStreams.mix(sum ^ once);
    }
    assertEquals(2146132931250388401L, sum);
  }
}
