package weft.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a queue pair is brought up, and what it refuses before. */
class StatesTest {
  private final VerbsLab lab = VerbsLab.cable(gbps(100), us(1));
  private final ProtectionDomain domain = lab.a().protectionDomain();
  private final CompletionQueue done = lab.a().completionQueue();
  private final MemoryRegion memory = domain.register(bytes(64), Access.LOCAL_WRITE);

  private QueuePair pair(QpType type) {
    return domain.queuePair(type, done);
  }

  private Attributes all() {
    return Attributes.usual().to(lab.b()).destination(17);
  }

  /** verbs.csv, rows QP.RC.*; STATE is always given. */
  @ParameterizedTest
  @CsvSource({
    "INIT, PKEY_INDEX PORT ACCESS_FLAGS",
    "RTR, AV PATH_MTU DEST_QPN RQ_PSN MAX_DEST_RD_ATOMIC MIN_RNR_TIMER",
    "RTS, SQ_PSN MAX_QP_RD_ATOMIC RETRY_CNT RNR_RETRY TIMEOUT"
  })
  void aReliableConnectionNeedsTheAttributesOfTheManual(QpState state, String names) {
    Set<String> required =
        Attribute.required(QpType.RC, state).stream().map(Enum::name).collect(Collectors.toSet());
    assertEquals(new TreeSet<>(List.of(names.split(" "))), new TreeSet<>(required));
  }

  @ParameterizedTest
  @EnumSource(Attribute.class)
  void aMissingAttributeIsNamed(Attribute missing) {
    var pair = pair(missing == Attribute.QKEY ? QpType.UD : QpType.RC);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              for (QpState state : List.of(QpState.INIT, QpState.RTR, QpState.RTS)) {
                boolean here = Attribute.required(pair.type(), state).contains(missing);
                pair.modify(state, here ? allBut(missing) : all());
              }
            });
    assertTrue(
        error.getMessage().contains("but " + missing + " was not given"), error.getMessage());
    assertTrue(error.getMessage().contains("EINVAL"), error.getMessage());
  }

  /** Everything but one attribute, put together again from those that {@link #all} has. */
  private Attributes allBut(Attribute missing) {
    Attributes full = all();
    Attributes some = Attributes.none();
    for (Attribute attribute : Attribute.values()) {
      if (attribute != missing) {
        some = some.and(only(full, attribute));
      }
    }
    return some;
  }

  private static Attributes only(Attributes full, Attribute attribute) {
    Attributes none = Attributes.none();
    return switch (attribute) {
      case PKEY_INDEX -> none.pkeyIndex(0);
      case PORT -> none.port(1);
      case ACCESS_FLAGS -> none.access(Access.REMOTE_WRITE);
      case QKEY -> none.qkey(1);
      case AV -> none.to(full.device());
      case PATH_MTU -> none.pathMtu(1024);
      case DEST_QPN -> none.destination(17);
      case RQ_PSN -> none.receivePsn(0);
      case MAX_DEST_RD_ATOMIC -> none.maxDestReadAtomic(1);
      case MIN_RNR_TIMER -> none.minRnrTimer(12);
      case SQ_PSN -> none.sendPsn(0);
      case MAX_QP_RD_ATOMIC -> none.maxReadAtomic(1);
      case RETRY_CNT -> none.retryCount(7);
      case RNR_RETRY -> none.rnrRetry(7);
      case TIMEOUT -> none.timeout(14);
    };
  }

  @Test
  void statesComeOneAfterTheOther() {
    var pair = pair(QpType.RC);
    var error = assertThrows(IllegalStateException.class, () -> pair.modify(QpState.RTS, all()));
    assertEquals(
        "a queue pair goes RESET, INIT, RTR, RTS, but this one is in RESET and was to go to RTS: take one step at a time",
        error.getMessage());
    pair.modify(QpState.INIT, all()).modify(QpState.RTR, all()).modify(QpState.RTS, all());
    assertEquals(QpState.RTS, pair.state());
    assertEquals(QpState.RESET, pair.modify(QpState.RESET, Attributes.none()).state());
  }

  @Test
  void receivesArePostedFromInitOnAndSendsInRts() {
    var pair = pair(QpType.RC);
    assertThrows(IllegalStateException.class, () -> pair.receive(1, memory.all()));
    pair.modify(QpState.INIT, all()).receive(1, memory.all());
    var error =
        assertThrows(IllegalStateException.class, () -> pair.post(WorkRequest.send(memory.all())));
    assertTrue(error.getMessage().contains("is in INIT"), error.getMessage());
  }

  @Test
  void anOperationThatTheTypeDoesNotKnowIsRefused() {
    var pair = pair(QpType.UC);
    var read = WorkRequest.read(memory.all(), new RemoteBuffer(0, 0));
    var error = assertThrows(IllegalArgumentException.class, () -> pair.post(read));
    assertTrue(error.getMessage().startsWith("RDMA_READ is an operation of [RC]"));
  }

  @Test
  void aFullQueueIsRefused() {
    var other = lab.b().protectionDomain().queuePair(QpType.RC, lab.b().completionQueue());
    var pair = domain.queuePair(QpType.RC, done, done, 2);
    lab.connect(pair, other);
    pair.post(WorkRequest.send(memory.all())).post(WorkRequest.send(memory.all()));
    var error =
        assertThrows(IllegalStateException.class, () -> pair.post(WorkRequest.send(memory.all())));
    assertTrue(error.getMessage().contains("ENOMEM"), error.getMessage());
  }

  @Test
  void remoteWritesNeedLocalOnes() {
    for (Access remote : List.of(Access.REMOTE_WRITE, Access.REMOTE_ATOMIC)) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> domain.register(bytes(64), remote));
      assertTrue(error.getMessage().contains("EINVAL"), error.getMessage());
    }
    domain.register(bytes(64), Access.REMOTE_READ);
  }

  @Test
  void aDatagramNamesItsReceiverAndAConnectionDoesNot() {
    var datagrams = pair(QpType.UD).modify(QpState.INIT, all());
    assertThrows(
        IllegalArgumentException.class, () -> datagrams.post(WorkRequest.send(memory.all())));
    var to = datagrams.address();
    assertThrows(
        IllegalArgumentException.class,
        () -> pair(QpType.RC).post(WorkRequest.send(memory.all()).to(to)));
  }
}
