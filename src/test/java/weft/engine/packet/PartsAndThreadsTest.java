package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.transport.Swift;

/** How a network is cut into parts, and who simulates them, changes nothing. */
class PartsAndThreadsTest {
  private static final CongestionControl[] CONTROLS = {
    CongestionControl.none(), Dcqcn.defaults(), Swift.defaults()
  };
  private static final LoadBalancing[] BALANCINGS = {
    Ecmp.fiveTuple(), Spray.perPacket(), here -> (packet, n) -> here.queueBytes(0) > 0 ? n - 1 : 0
  };

  private static PacketEngine engine(long seed) {
    var random = new RandomStreams(seed).named("test");
    var fabric = RandomFabricTest.withOddSwitches(RandomFabricTest.fabric(random), seed);
    boolean lossy = random.nextInt(3) == 0;
    var control = CONTROLS[random.nextInt(CONTROLS.length)];
    var transport = (lossy ? RoceV2.lossy(control) : RoceV2.lossless(control)).timeout(6);
    if (random.nextBoolean()) {
      transport = transport.directDataPlacement();
    }
    var buffer = lossy ? kib(32 + random.nextInt(100)) : mib(4);
    var balancing = BALANCINGS[random.nextInt(BALANCINGS.length)];
    return new PacketEngine(fabric.buffer(buffer), transport, balancing, seed);
  }

  private static long run(PacketEngine engine, long seed) {
    var random = new RandomStreams(seed).named("traffic");
    int gpus = engine.gpus();
    for (int i = 0; i < 20; i++) {
      int source = random.nextInt(gpus);
      int qp = engine.connect(source, (source + 1 + random.nextInt(gpus - 1)) % gpus);
      engine.send(qp, 1 + random.nextInt(400_000), random.nextInt(20_000_000));
      engine.send(qp, 1 + random.nextInt(5_000), random.nextInt(100_000_000));
    }
    engine.runUntil(7_000_000);
    engine.verify();
    engine.run();
    return RandomFabricTest.checksum(engine) + engine.now();
  }

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theResultIsTheSameBitsInAnyPartsAndOnAnyThreads(long seed) {
    long expected = run(engine(seed), seed);
    for (long least : new long[] {1, 200_000, 1_000_000, Long.MAX_VALUE}) {
      for (int threads = 1; threads <= 3; threads++) {
        var engine = engine(seed);
        engine.deal(least, threads);
        assertEquals(expected, run(engine, seed), least + " ps, " + threads + " threads");
      }
    }
  }

  @Test
  void aPermutationOnAFatTreeIsTheSameOnTwoThreads() {
    long[] sums = new long[2];
    for (int threads = 1; threads <= 2; threads++) {
      Fabric fabric = Fabric.fatTree().k(4).nic(gbps(100)).cable(us(1)).build();
      var engine = new PacketEngine(fabric, RoceV2.lossless(Dcqcn.defaults()), Ecmp.fiveTuple(), 1);
      engine.threads(threads);
      for (int gpu = 0; gpu < 16; gpu++) {
        engine.send(engine.connect(gpu, (gpu + 5) % 16), 1_000_000, 0);
      }
      engine.run();
      sums[threads - 1] = RandomFabricTest.checksum(engine);
    }
    assertEquals(sums[0], sums[1]);
  }

  /** One at a GPU cannot have happened at another's before light could tell. */
  @Test
  void aListenerCannotReachAnotherGpuAtOnce() {
    var fabric = Sketch.of("abc --100G 1000ns-- s");
    var engine =
        new PacketEngine(fabric, RoceV2.lossless(CongestionControl.none()), Ecmp.fiveTuple(), 1);
    int answer = engine.connect(1, 0);
    int foreign = engine.connect(2, 0);
    String[] refusal = new String[1];
    int[] sent = new int[2];
    engine.onDelivery(
        (message, time) -> {
          if (message > 0) {
            return;
          }
          sent[0] = engine.send(answer, 100, time);
          refusal[0] =
              assertThrows(IllegalArgumentException.class, () -> engine.send(foreign, 100, time))
                  .getMessage();
          sent[1] = engine.send(foreign, 100, time + engine.lookaheadPs());
        });
    engine.send(engine.connect(0, 1), 100, 0);
    engine.run();
    assertTrue(
        refusal[0].startsWith("a listener at one GPU can have another act 1006640 ps"), refusal[0]);
    long delivered = engine.deliveredPs(0);
    long acknowledgement = RoceV2.ACK_WIRE * 80L; // which goes first
    assertEquals(delivered + acknowledgement, engine.startedPs(sent[0]));
    assertEquals(delivered + 1_006_640, engine.startedPs(sent[1]));
  }

  @Test
  void anInterruptStopsARunOnTwoThreads() {
    var fabric = Sketch.of("abcd --100G 200ns-- s");
    var engine =
        new PacketEngine(fabric, RoceV2.lossless(CongestionControl.none()), Ecmp.fiveTuple(), 1);
    engine.threads(2);
    engine.send(engine.connect(0, 1), 1_000_000_000, 0);
    engine.send(engine.connect(2, 3), 1_000_000_000, 0);
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, engine::run);
  }
}
