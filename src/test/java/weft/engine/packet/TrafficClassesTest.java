package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Fabric;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.routing.Ecmp;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl;
import weft.transport.InfiniBand;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Transport;

/** Queues by class: strict and weighted, each paused by itself. */
class TrafficClassesTest {
  private static final Transport ROCE = RoceV2.lossless(CongestionControl.none()).timeout(14);
  private static final long FULL = (4096 + RoceV2.OVERHEAD) * 80L;
  private static final Fabric STAR = Sketch.of("abc --100G 1000ns-- s").buffer(mib(4));
  private static final Scheduling STRICT = Scheduling.strict("training", "storage");
  private static final Scheduling THREE_TO_ONE =
      Scheduling.weighted("training", 3).and("storage", 1);

  private static PacketEngine engine(Transport transport, Scheduling scheduling) {
    return new PacketEngine(STAR, transport, Ecmp.fiveTuple(), scheduling, 1);
  }

  private static void run(PacketEngine engine) {
    engine.run();
    assertEquals(List.of(), engine.stuck());
  }

  /** Whether its competitor enters by another port of the switch or by its own NIC. */
  private static long[] two(Transport transport, Scheduling scheduling, int other, long[] bytes) {
    var engine = engine(transport, scheduling);
    engine.send(engine.connect(0, 2, 0), bytes[0], 0);
    engine.send(engine.connect(other, 2, 1), bytes[1], 0);
    run(engine);
    return new long[] {engine.deliveredPs(0), engine.deliveredPs(1)};
  }

  static List<Transport> lossless() {
    return List.of(ROCE, InfiniBand.defaults());
  }

  @ParameterizedTest
  @MethodSource("lossless")
  void aLowerClassDoesNotDelayAHigherByMoreThanAPacketAPort(Transport transport) {
    long[] size = {4_000_000, 4_000_000};
    var alone = engine(transport, STRICT);
    alone.send(alone.connect(0, 2, 0), size[0], 0);
    run(alone);
    for (int other = 0; other < 2; other++) {
      long[] delivered = two(transport, STRICT, other, size);
      assertTrue(delivered[0] <= alone.deliveredPs(0) + 2 * FULL, delivered[0] + " ps");
      assertTrue(delivered[1] > 1.95 * delivered[0], delivered[1] + " ps");
    }
  }

  /** While both have something to send, three bytes go for one: both end at once. */
  @ParameterizedTest
  @MethodSource("lossless")
  void weightsShareASaturatedPort(Transport transport) {
    for (int other = 0; other < 2; other++) {
      long[] delivered = two(transport, THREE_TO_ONE, other, new long[] {6_000_000, 2_000_000});
      assertEquals(1, (double) delivered[0] / delivered[1], 0.01);
      double gbps = 8_000_000 * 8e3 / Math.max(delivered[0], delivered[1]);
      assertTrue(gbps > 95, gbps + " Gb/s");
    }
  }

  @Test
  void whatAClassLeavesUnusedOthersGet() {
    long[] delivered = two(ROCE, THREE_TO_ONE, 1, new long[] {4096, 4_000_000});
    assertTrue(4_000_000 * 8e3 / delivered[1] > 95);
  }

  /** As in {@code SymptomsTest}, the victim in a class of its own. */
  @Test
  void aPauseOfOneClassDoesNotStopAnother() {
    var fabric =
        Sketch.of(
                """
                abcdefghi --100G 1000ns-- s
                jk --100G 1000ns-- t
                s --400G 1000ns-- t
                """)
            .switchLatency(ns(0))
            .buffer(mib(4));
    var scheduling = Scheduling.weighted("training", 1).and("storage", 1);
    double[] gbps = new double[2];
    for (int victim = 0; victim < 2; victim++) {
      var engine = new PacketEngine(fabric, ROCE, Ecmp.fiveTuple(), scheduling, 1);
      for (int sender = 0; sender < 8; sender++) {
        engine.send(engine.connect(sender, 9, 0), 4_000_000, 0);
      }
      int message = engine.send(engine.connect(8, 10, victim), 4_000_000, 0);
      run(engine);
      gbps[victim] = 4_000_000 * 8e3 / engine.deliveredPs(message);
      assertTrue(engine.allPorts().stream().anyMatch(p -> p.pausesSent() > 0));
    }
    assertTrue(gbps[0] < 30, gbps[0] + " Gb/s in the paused class");
    assertTrue(gbps[1] > 90, gbps[1] + " Gb/s in another");
  }

  @Test
  void aClassThatDoesNotExistIsRefused() {
    var engine = engine(ROCE, STRICT);
    assertThrows(IllegalArgumentException.class, () -> engine.connect(0, 1, 2));
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> STRICT.named("backup")).getMessage();
    assertTrue(refusal.contains("the classes are training, storage"), refusal);
    assertThrows(IllegalArgumentException.class, () -> Scheduling.strict("a", "a"));
    assertThrows(IllegalArgumentException.class, () -> Scheduling.weighted("a", 0));
    assertThrows(IllegalArgumentException.class, () -> STRICT.and("backup", 1));
  }

  private static PacketEngine random(int seed, int threads) {
    var random = new RandomStreams(seed).named("test");
    var fabric = RandomFabricTest.withOddSwitches(RandomFabricTest.fabric(random), seed);
    Transport transport = RandomTransportsTest.transport(seed);
    Scheduling scheduling =
        seed % 2 == 0
            ? Scheduling.strict("gold", "silver", "lead")
            : Scheduling.weighted("gold", 5).and("silver", 2).and("lead", 1);
    var engine =
        new PacketEngine(fabric.buffer(mib(32)), transport, Ecmp.fiveTuple(), scheduling, seed);
    engine.threads(threads);
    engine.during(
        FaultPlan.of(fabric, List.of(Fault.slowHost(0, 0.3).until(us(50))), Failover.DEFAULT));
    int gpus = fabric.gpus();
    for (int i = 0; i < 24; i++) {
      int source = random.nextInt(gpus);
      int qp = engine.connect(source, (source + 1 + random.nextInt(gpus - 1)) % gpus, i % 3);
      engine.send(qp, 1 + random.nextInt(200_000), random.nextInt(20_000_000));
    }
    for (int i = 1; i < 5; i++) { // verify() in the midst of things
      engine.runUntil(i * us(8).ps());
      engine.verify();
    }
    engine.run();
    return engine;
  }

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void allArrivesOrIsGivenUpWithTheSameBitsOnOneThreadAndOnTwo(int seed) {
    var engine = random(seed, 1);
    assertTrue(engine.gaveUp() > 0 || engine.stuck().isEmpty(), engine.stuck().toString());
    assertEquals(RandomFabricTest.checksum(engine), RandomFabricTest.checksum(random(seed, 2)));
  }
}
