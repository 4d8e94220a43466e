package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;
import static weft.units.Units.mib;

import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.engine.packet.PortSamples.Quantity;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;

/** Ports looked at over time: nothing is missed, and nothing changes. */
class PortSamplesTest {
  private static PacketEngine engine(long seed) {
    var random = new RandomStreams(seed).named("test");
    Fabric fabric = RandomFabricTest.fabric(random);
    boolean lossy = random.nextBoolean();
    var control = random.nextBoolean() ? Dcqcn.defaults() : CongestionControl.none();
    var transport = (lossy ? RoceV2.lossy(control) : RoceV2.lossless(control)).timeout(5);
    var engine =
        new PacketEngine(
            fabric.buffer(lossy ? kib(32 + random.nextInt(100)) : mib(4)),
            transport,
            Ecmp.fiveTuple(),
            seed);
    int gpus = engine.gpus();
    for (int i = 0; i < 15; i++) {
      int source = random.nextInt(gpus);
      int qp = engine.connect(source, (source + 1 + random.nextInt(gpus - 1)) % gpus);
      engine.send(qp, 1 + random.nextInt(400_000), random.nextInt(20_000_000));
    }
    return engine;
  }

  private static int[] allPorts(PacketEngine engine) {
    return IntStream.range(0, engine.ports()).toArray();
  }

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void samplingChangesNoBitOfTheRun(long seed) {
    PacketEngine plain = engine(seed);
    plain.run();
    PacketEngine sampled = engine(seed);
    sampled.keepDrops(1000);
    sampled.samples(allPorts(sampled), 1_000_000 + 7 * seed).run(() -> false);
    assertEquals(plain.now(), sampled.now());
    assertEquals(plain.events(), sampled.events());
    assertEquals(plain.allPorts(), sampled.allPorts());
    assertEquals(RandomFabricTest.checksum(plain), RandomFabricTest.checksum(sampled));
  }

  /** With room for all samples, and with so little that they are joined again and again. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void samplesAddUpToTheCounters(long seed) {
    for (int most : new int[] {1 << 16, 64, 2}) {
      PacketEngine engine = engine(seed);
      int[] ports = allPorts(engine);
      var samples = engine.samples(ports, 500_000).keep(most);
      samples.run(() -> false);
      assertTrue(samples.size() <= most);
      assertEquals(engine.now(), samples.endPs(samples.size() - 1));
      check(samples, engine, Quantity.BYTES, PortCounters::bytes);
      check(samples, engine, Quantity.MARKS, PortCounters::marks);
      check(samples, engine, Quantity.DROPS, PortCounters::drops);
      check(samples, engine, Quantity.PAUSES_SENT, PortCounters::pausesSent);
      check(samples, engine, Quantity.PAUSES_RECEIVED, PortCounters::pausesReceived);
      check(samples, engine, Quantity.PAUSED, PortCounters::pausedPs);
      check(samples, engine, Quantity.BUSY, PortCounters::busyPs);
      checkQueuesAndTimes(samples, engine);
    }
  }

  private static void check(
      PortSamples samples, PacketEngine engine, Quantity what, ToLongFunction<PortCounters> total) {
    for (int i = 0; i < samples.ports(); i++) {
      int port = i;
      long sum =
          IntStream.range(0, samples.size()).mapToLong(s -> samples.value(what, port, s)).sum();
      assertEquals(total.applyAsLong(engine.port(samples.port(i))), sum, what + " of port " + i);
    }
  }

  private static void checkQueuesAndTimes(PortSamples samples, PacketEngine engine) {
    for (int i = 0; i < samples.ports(); i++) {
      long deepest = 0;
      for (int s = 0; s < samples.size(); s++) {
        deepest = Math.max(deepest, samples.value(Quantity.QUEUE, i, s));
        assertTrue(samples.value(Quantity.BUSY, i, s) <= samples.lengthPs(s));
        assertTrue(samples.value(Quantity.PAUSED, i, s) <= samples.lengthPs(s));
      }
      assertEquals(engine.port(samples.port(i)).maxQueueBytes(), deepest);
    }
  }

  @Test
  void whatIsKeptOfDropsIsTheFirstOfThemInOrder() {
    PacketEngine all = engine(3);
    all.keepDrops(1_000_000);
    all.run();
    var drops = all.drops();
    assertTrue(drops.size() > 20, drops.size() + " drops");
    assertEquals(all.allPorts().stream().mapToLong(PortCounters::drops).sum(), drops.size());
    for (int i = 1; i < drops.size(); i++) {
      assertTrue(drops.get(i - 1).timePs() <= drops.get(i).timePs());
    }
    PacketEngine few = engine(3);
    few.keepDrops(10);
    few.run();
    assertEquals(drops.subList(0, 10), few.drops().subList(0, 10));
  }
}
