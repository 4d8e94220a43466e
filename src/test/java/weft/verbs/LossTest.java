package weft.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.capture.Aeth;
import weft.capture.Bth;
import weft.capture.Opcode;

/** A reliable connection on a cable that loses packets. */
class LossTest {
  /** Packet 1 of 4 is lost: packet 2 provokes a NAK that asks for 1, and all from 1 come again. */
  @Test
  void theSenderGoesBackToTheMissingPacket() {
    var pair = Pair.reliable(Attributes.none().pathMtu(1024));
    pair.lab.losing(1);
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 4096), pair.memoryB.remote(0)));
    assertTrue(pair.only(pair.doneA).ok());
    var sent = pair.lab.packets().where(f -> f.payloadBytes() > 0);
    assertEquals(
        List.of(0, 1, 2, 3, 1, 2, 3),
        sent.frames().stream().map(f -> f.frame().header(Bth.class).orElseThrow().psn()).toList());
    var answers = pair.lab.packets().where(f -> f.header(Aeth.class).isPresent());
    assertEquals(
        List.of("PSN 1 NAK PSN sequence error", "PSN 3 ACK"),
        answers.frames().stream()
            .map(
                f ->
                    "PSN %d %s"
                        .formatted(
                            f.frame().header(Bth.class).orElseThrow().psn(),
                            Aeth.meaning(f.frame().header(Aeth.class).orElseThrow().syndrome())))
            .toList());
  }

  @Test
  void aLostAcknowledgementMakesTheRequestComeTwiceButHappenOnce() {
    var pair = Pair.reliable(Attributes.none().timeout(8));
    pair.memoryB.put(1L);
    pair.lab.losing(1);
    pair.a.post(WorkRequest.fetchAndAdd(pair.memoryA.piece(0, 8), pair.memoryB.remote(0), 1));
    assertTrue(pair.only(pair.doneA).ok());
    assertEquals(1, pair.memoryA.number());
    assertEquals(2, pair.memoryB.number());
    assertEquals(4, pair.lab.packets().size());
  }

  @Test
  void aReadAsksAgainOnlyForWhatIsMissing() {
    var pair = Pair.reliable(Attributes.none().pathMtu(1024));
    byte[] data = Pair.noise(8192, 5);
    pair.memoryB.put(data);
    pair.lab.losing(4); // the request is 0, its answers 1 to 8
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 8192), pair.memoryB.remote(0)));
    assertTrue(pair.only(pair.doneA).ok());
    assertArrayEquals(data, java.util.Arrays.copyOf(pair.memoryA.bytes(), 8192));
    var requests =
        pair.lab
            .packets()
            .where(f -> f.header(Bth.class).orElseThrow().opcode() == Opcode.RC_RDMA_READ_REQUEST);
    assertEquals(
        List.of(0, 3),
        requests.frames().stream()
            .map(f -> f.frame().header(Bth.class).orElseThrow().psn())
            .toList());
  }

  @Test
  void packetNumbersWrapAround() {
    var pair = Pair.reliable(Attributes.none().pathMtu(256).sendPsn(0xFFFFFE).receivePsn(0xFFFFFE));
    byte[] data = Pair.noise(2048, 6);
    pair.memoryA.put(data);
    pair.lab.losing(3);
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 2048), pair.memoryB.remote(0)));
    assertTrue(pair.only(pair.doneA).ok());
    assertArrayEquals(data, java.util.Arrays.copyOf(pair.memoryB.bytes(), 2048));
  }

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  /** Whatever is lost: all complete in order, every byte is right, atomics happen once. */
  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostOrDoneTwiceWhateverTheCableLoses(int seed) {
    var random = new Random(seed);
    var pair =
        Pair.reliable(
            Attributes.none().pathMtu(256).timeout(6).rnrRetry(7).minRnrTimer(1).maxReadAtomic(2));
    int[] lost = random.ints(12, 0, 80).toArray();
    pair.lab.losing(lost);
    byte[] mine = Pair.noise(4096, seed);
    byte[] theirs = Pair.noise(4096, seed + 1000);
    var source = pair.domainA.register(weft.units.Units.bytes(4096)).put(mine);
    var counter = pair.domainB.register(weft.units.Units.bytes(8), Pair.EVERYTHING);
    var target = pair.domainB.register(weft.units.Units.bytes(4096), Pair.EVERYTHING);
    var origin = pair.domainB.register(weft.units.Units.bytes(4096), Pair.EVERYTHING).put(theirs);
    int adds = 0;
    pair.b.receive(1, pair.memoryB.all());
    for (int i = 0; i < 12; i++) {
      switch (random.nextInt(3)) {
        case 0 -> pair.a.post(WorkRequest.write(source.all(), target.remote(0)).id(i));
        case 1 ->
            pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 4096), origin.remote(0)).id(i));
        default -> {
          adds++;
          pair.a.post(
              WorkRequest.fetchAndAdd(pair.memoryA.piece(8192, 8), counter.remote(0), 1).id(i));
        }
      }
    }
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 4096), origin.remote(0)).id(12));
    pair.a.post(WorkRequest.send(source.all()).id(13));
    var done = pair.outcome(pair.doneA);
    assertEquals(
        IntStream.range(0, 14).mapToObj(i -> i + " " + Status.SUCCESS).toList(),
        done.stream().map(c -> c.id() + " " + c.status()).toList(),
        "seed " + seed);
    assertEquals(adds, counter.number(), "seed " + seed);
    assertArrayEquals(theirs, java.util.Arrays.copyOf(pair.memoryA.bytes(), 4096));
    assertArrayEquals(mine, java.util.Arrays.copyOf(pair.memoryB.bytes(), 4096));
  }
}
