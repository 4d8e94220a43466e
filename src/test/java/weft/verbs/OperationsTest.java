package weft.verbs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.verbs.Operation.RECV;
import static weft.verbs.Operation.RECV_RDMA_WITH_IMM;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weft.units.Time;

/** What each operation does to memory, and who hears of it. */
class OperationsTest {
  @Test
  void aWriteChangesTheOtherSidesMemoryWithoutItsNoticing() {
    var pair = Pair.reliable();
    pair.memoryA.put("over the wire");
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 13), pair.memoryB.remote(0)).id(7));
    WorkCompletion done = pair.only(pair.doneA);
    assertEquals(Status.SUCCESS, done.status());
    assertEquals(7, done.id());
    assertEquals("over the wire", pair.memoryB.text());
    assertEquals(List.of(), pair.doneB.poll());
  }

  @ParameterizedTest
  @CsvSource({"1, 256", "256, 256", "257, 256", "65536, 4096", "65535, 1024", "0, 4096"})
  void messagesOfAnyLengthArriveInPackets(int length, int mtu) {
    var pair = Pair.reliable(Attributes.none().pathMtu(mtu));
    byte[] data = Pair.noise(length, 1);
    pair.memoryA.put(data);
    pair.b.receive(1, pair.memoryB.all());
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, length)));
    WorkCompletion received = pair.only(pair.doneB);
    assertEquals(RECV, received.operation());
    assertEquals(length, received.bytes());
    assertArrayEquals(data, Arrays.copyOf(pair.memoryB.bytes(), length));
    int packets = Math.max(1, (length + mtu - 1) / mtu);
    assertEquals(packets + 1, pair.lab.packets().size(), "and one acknowledgement");
  }

  @ParameterizedTest
  @CsvSource({"1, 256", "257, 256", "65536, 4096", "12345, 1024"})
  void aReadBringsTheOtherSidesMemoryBack(int length, int mtu) {
    var pair = Pair.reliable(Attributes.none().pathMtu(mtu));
    byte[] data = Pair.noise(length, 2);
    pair.memoryB.put(data);
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, length), pair.memoryB.remote(0)));
    assertEquals(Status.SUCCESS, pair.only(pair.doneA).status());
    assertArrayEquals(data, Arrays.copyOf(pair.memoryA.bytes(), length));
  }

  @Test
  void immediateDataTakesAReceiveButNotItsBuffer() {
    var pair = Pair.reliable();
    var other = pair.domainB.register(weft.units.Units.bytes(8), Access.LOCAL_WRITE);
    pair.memoryA.put("payload");
    pair.b.receive(3, other.all());
    pair.a.post(
        WorkRequest.writeWithImmediate(pair.memoryA.piece(0, 7), pair.memoryB.remote(0), 0xCAFE));
    WorkCompletion notice = pair.only(pair.doneB);
    assertEquals(RECV_RDMA_WITH_IMM, notice.operation());
    assertEquals(OptionalInt.of(0xCAFE), notice.immediate());
    assertEquals(7, notice.bytes());
    assertEquals("payload", pair.memoryB.text());
    assertEquals("", other.text());
  }

  @Test
  void aSendWithImmediateDataTellsItInTheCompletion() {
    var pair = Pair.reliable();
    pair.b.receive(3, pair.memoryB.all());
    pair.a.post(WorkRequest.sendWithImmediate(pair.memoryA.piece(0, 4), 42));
    assertEquals(OptionalInt.of(42), pair.only(pair.doneB).immediate());
  }

  @Test
  void sendsFillReceivesInTheOrderInWhichTheyWerePosted() {
    var pair = Pair.reliable();
    for (int i = 0; i < 3; i++) {
      pair.b.receive(10 + i, pair.memoryB.piece(100 * i, 100));
      pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10 + i)).id(i));
    }
    assertEquals(
        List.of("10:10", "11:11", "12:12"),
        pair.outcome(pair.doneB).stream().map(c -> c.id() + ":" + c.bytes()).toList());
    assertEquals(List.of(0L, 1L, 2L), pair.doneA.poll().stream().map(WorkCompletion::id).toList());
  }

  @Test
  void fetchAndAddBringsBackWhatWasThere() {
    var pair = Pair.reliable();
    pair.memoryB.put(40L);
    pair.a.post(WorkRequest.fetchAndAdd(pair.memoryA.piece(0, 8), pair.memoryB.remote(0), 2));
    assertEquals(Status.SUCCESS, pair.only(pair.doneA).status());
    assertEquals(40, pair.memoryA.number());
    assertEquals(42, pair.memoryB.number());
  }

  @ParameterizedTest
  @CsvSource({"5, 9", "6, 5"})
  void compareAndSwapStoresOnlyIfItFindsWhatItCompares(long compare, long after) {
    var pair = Pair.reliable();
    pair.memoryB.put(5L);
    pair.a.post(
        WorkRequest.compareAndSwap(pair.memoryA.piece(0, 8), pair.memoryB.remote(0), compare, 9));
    assertTrue(pair.only(pair.doneA).ok());
    assertEquals(5, pair.memoryA.number());
    assertEquals(after, pair.memoryB.number());
  }

  /** From verbs.csv, rows OP.*. */
  @ParameterizedTest
  @EnumSource(QpType.class)
  void eachTypeSupportsTheOperationsOfTheManual(QpType type) {
    var supported = Arrays.stream(Operation.values()).filter(o -> o.isSupportedBy(type)).toList();
    var datagram = List.of(Operation.SEND, Operation.SEND_WITH_IMM);
    var unreliable =
        List.of(
            Operation.SEND,
            Operation.SEND_WITH_IMM,
            Operation.RDMA_WRITE,
            Operation.RDMA_WRITE_WITH_IMM);
    var reliable =
        List.of(
            Operation.SEND,
            Operation.SEND_WITH_IMM,
            Operation.RDMA_WRITE,
            Operation.RDMA_WRITE_WITH_IMM,
            Operation.RDMA_READ,
            Operation.ATOMIC_CMP_AND_SWP,
            Operation.ATOMIC_FETCH_AND_ADD);
    assertEquals(
        switch (type) {
          case UD -> datagram;
          case UC -> unreliable;
          case RC -> reliable;
        },
        supported);
  }

  @Test
  void anUnreliableConnectionWritesWithoutAnAcknowledgement() {
    var pair = new Pair(QpType.UC, Attributes.none().pathMtu(1024));
    byte[] data = Pair.noise(5000, 3);
    pair.memoryA.put(data);
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 5000), pair.memoryB.remote(0)));
    assertTrue(pair.only(pair.doneA).ok());
    assertArrayEquals(data, Arrays.copyOf(pair.memoryB.bytes(), 5000));
    assertEquals(5, pair.lab.packets().size());
  }

  @Test
  void aLostPacketOfAnUnreliableConnectionDropsItsMessageAndNobodyHears() {
    var pair = new Pair(QpType.UC, Attributes.none().pathMtu(1024));
    pair.b.receive(1, pair.memoryB.all());
    pair.lab.losing(1);
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 3000)).id(1));
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 2000)).id(2));
    assertEquals(List.of(Status.SUCCESS, Status.SUCCESS), pair.statuses(pair.doneA));
    assertEquals(List.of(2000), pair.doneB.poll().stream().map(WorkCompletion::bytes).toList());
  }

  @Test
  void aDatagramIsReceivedBehindFortyBytesForARoutingHeader() {
    var pair = new Pair(QpType.UD);
    pair.memoryA.put("to anybody");
    pair.b.receive(1, pair.memoryB.piece(0, 100));
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10)).to(pair.b.address()));
    WorkCompletion received = pair.only(pair.doneB);
    assertEquals(50, received.bytes());
    assertEquals(
        "to anybody",
        new String(
            Arrays.copyOfRange(pair.memoryB.bytes(), 40, 50),
            java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void aDatagramWithAnotherKeyIsDroppedWithoutAWord() {
    var pair = new Pair(QpType.UD);
    pair.b.receive(1, pair.memoryB.all());
    var wrong = new Datagram(pair.lab.b(), pair.b.number(), 0xBAD);
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10)).to(wrong));
    assertTrue(pair.only(pair.doneA).ok());
    assertEquals(List.of(), pair.doneB.poll());
  }

  /** 4096 B: 4178 B and a RETH on the wire, twice 1 us of cable, 86 B of acknowledgement. */
  @Test
  void theTimeOfAWriteIsExact() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 4096), pair.memoryB.remote(0)));
    long there = (4096 + 82 + 16) * 80L + 1_000_000;
    long back = 86 * 80L + 1_000_000;
    assertEquals(new Time(there + back), pair.only(pair.doneA).at());
  }

  @Test
  void readsWaitForOneAnotherWhereOnlyOneMayBeUnderWay() {
    var one = Pair.reliable(Attributes.none().maxReadAtomic(1));
    var many = Pair.reliable();
    for (Pair pair : List.of(one, many)) {
      for (int i = 0; i < 4; i++) {
        pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 64), pair.memoryB.remote(0)));
      }
      pair.lab.run();
    }
    double ratio = one.lab.now().micros() / many.lab.now().micros();
    assertTrue(ratio > 3.5 && ratio < 4, "four round trips against one: " + ratio);
  }
}
