package weft.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.ms;
import static weft.verbs.Status.LOC_LEN_ERR;
import static weft.verbs.Status.LOC_PROT_ERR;
import static weft.verbs.Status.REM_ACCESS_ERR;
import static weft.verbs.Status.REM_INV_REQ_ERR;
import static weft.verbs.Status.REM_OP_ERR;
import static weft.verbs.Status.RETRY_EXC_ERR;
import static weft.verbs.Status.RNR_RETRY_EXC_ERR;
import static weft.verbs.Status.SUCCESS;
import static weft.verbs.Status.WR_FLUSH_ERR;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weft.capture.Aeth;
import weft.units.Time;

/** Every error as an adapter reports it, and on which side. */
class ErrorsTest {
  private static final int BAD_KEY = 0xBAD;

  private static List<Integer> syndromes(Pair pair) {
    return pair.lab.packets().frames().stream()
        .flatMap(f -> f.frame().header(Aeth.class).stream())
        .map(Aeth::syndrome)
        .toList();
  }

  /** From verbs.csv, rows WC.*. */
  @ParameterizedTest
  @CsvSource({
    "SUCCESS, 0",
    "LOC_LEN_ERR, 1",
    "LOC_PROT_ERR, 4",
    "WR_FLUSH_ERR, 5",
    "REM_INV_REQ_ERR, 9",
    "REM_ACCESS_ERR, 10",
    "REM_OP_ERR, 11",
    "RETRY_EXC_ERR, 12",
    "RNR_RETRY_EXC_ERR, 13",
    "GENERAL_ERR, 21",
    "TM_RNDV_INCOMPLETE, 23"
  })
  void statusesHaveTheirNumbers(Status status, int code) {
    assertEquals(code, status.code());
    assertEquals("IBV_WC_" + status.name(), status.toString());
  }

  @Test
  void aWrongRemoteKeyIsARemoteAccessError() {
    var pair = Pair.reliable();
    pair.b.receive(9, pair.memoryB.all());
    pair.a.post(
        WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0).rkey(BAD_KEY)).id(1));
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)).id(2));
    assertEquals(List.of(REM_ACCESS_ERR, WR_FLUSH_ERR), pair.statuses(pair.doneA));
    assertEquals(List.of(WR_FLUSH_ERR), pair.statuses(pair.doneB));
    assertEquals(List.of(Aeth.NAK_REMOTE_ACCESS), syndromes(pair));
    assertEquals(QpState.ERR, pair.a.state());
    assertEquals(QpState.ERR, pair.b.state());
    assertEquals(
        List.of(
            "IBV_EVENT_QP_ACCESS_ERR on queue pair 0x000111 (RC) of device b: NAK remote access error, because rkey 0xbad is no key of device b"),
        pair.lab.b().asyncEvents());
  }

  @ParameterizedTest
  @EnumSource(
      value = Access.class,
      names = {"REMOTE_WRITE", "REMOTE_READ", "REMOTE_ATOMIC"})
  void aRegionThatDoesNotPermitItIsARemoteAccessError(Access missing) {
    var pair = Pair.reliable();
    var permitted = java.util.EnumSet.allOf(Access.class);
    permitted.remove(missing);
    var region = pair.domainB.register(bytes(64), permitted.toArray(new Access[0]));
    pair.a.post(request(missing, pair.memoryA, region));
    assertEquals(REM_ACCESS_ERR, pair.only(pair.doneA).status());
    assertEquals("", region.text());
  }

  private static WorkRequest request(Access kind, MemoryRegion mine, MemoryRegion theirs) {
    return switch (kind) {
      case REMOTE_WRITE -> WorkRequest.write(mine.piece(0, 8), theirs.remote(0));
      case REMOTE_READ -> WorkRequest.read(mine.piece(0, 8), theirs.remote(0));
      default -> WorkRequest.fetchAndAdd(mine.piece(0, 8), theirs.remote(0), 1);
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Access.class,
      names = {"REMOTE_WRITE", "REMOTE_READ", "REMOTE_ATOMIC"})
  void aQueuePairThatDoesNotPermitItFindsTheRequestInvalid(Access missing) {
    var permitted = java.util.EnumSet.allOf(Access.class);
    permitted.remove(missing);
    var pair = Pair.reliable(Attributes.none().access(permitted.toArray(new Access[0])));
    pair.a.post(request(missing, pair.memoryA, pair.memoryB));
    assertEquals(REM_INV_REQ_ERR, pair.only(pair.doneA).status());
    assertEquals(List.of(Aeth.NAK_INVALID_REQUEST), syndromes(pair));
  }

  @ParameterizedTest
  @CsvSource({"65536, 1", "-1, 1", "65535, 2", "0, 65537"})
  void aPlaceOutsideTheRegionIsARemoteAccessError(int offset, int length) {
    var pair = Pair.reliable();
    var large = pair.domainA.register(bytes(128 * 1024));
    pair.a.post(WorkRequest.write(large.piece(0, length), pair.memoryB.remote(offset)));
    assertEquals(REM_ACCESS_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void aKeyOfAnotherProtectionDomainIsARemoteAccessError() {
    var pair = Pair.reliable();
    var elsewhere = pair.lab.b().protectionDomain().register(bytes(64), Pair.EVERYTHING);
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 8), elsewhere.remote(0)));
    assertEquals(REM_ACCESS_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void aKeyOfADeregisteredRegionIsARemoteAccessError() {
    var pair = Pair.reliable();
    pair.memoryB.deregister();
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)));
    assertEquals(REM_ACCESS_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void aWrongLocalKeyIsALocalProtectionErrorAndNothingIsSent() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8).lkey(BAD_KEY), pair.memoryB.remote(0)));
    WorkCompletion failed = pair.only(pair.doneA);
    assertEquals(LOC_PROT_ERR, failed.status());
    assertEquals("lkey 0xbad is no key of device a", failed.reason());
    assertEquals(0, pair.lab.packets().size());
  }

  @Test
  void aReadIntoMemoryThatMayNotBeWrittenIsALocalProtectionError() {
    var pair = Pair.reliable();
    var readOnly = pair.domainA.register(bytes(64));
    pair.a.post(WorkRequest.read(readOnly.all(), pair.memoryB.remote(0)));
    assertEquals(LOC_PROT_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void errorsCompleteInOrder() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.write(pair.memoryA.all(), pair.memoryB.remote(0)).id(1));
    pair.a.post(
        WorkRequest.write(pair.memoryA.piece(0, 8).lkey(BAD_KEY), pair.memoryB.remote(0)).id(2));
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)).id(3));
    assertEquals(List.of(SUCCESS, LOC_PROT_ERR, WR_FLUSH_ERR), pair.statuses(pair.doneA));
  }

  /** The receiver has the length error; the sender learns that its request was invalid. */
  @ParameterizedTest
  @CsvSource({"11, 10", "5000, 4096"})
  void aReceiveThatIsTooSmallIsTheReceiversLengthError(int message, int receive) {
    var pair = Pair.reliable();
    pair.b.receive(1, pair.memoryB.piece(0, receive));
    pair.b.receive(2, pair.memoryB.all());
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, message)));
    assertEquals(List.of(REM_INV_REQ_ERR), pair.statuses(pair.doneA));
    assertEquals(List.of(LOC_LEN_ERR, WR_FLUSH_ERR), pair.statuses(pair.doneB));
    assertEquals(List.of(Aeth.NAK_INVALID_REQUEST), syndromes(pair));
  }

  @Test
  void aReceiveWithAWrongKeyIsTheReceiversProtectionError() {
    var pair = Pair.reliable();
    pair.b.receive(1, pair.memoryB.piece(0, 100).lkey(BAD_KEY));
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10)));
    assertEquals(List.of(REM_OP_ERR), pair.statuses(pair.doneA));
    assertEquals(List.of(LOC_PROT_ERR), pair.statuses(pair.doneB));
  }

  @Test
  void aDatagramLongerThanAPacketIsTheSendersLengthError() {
    var pair = new Pair(QpType.UD);
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 4097)).to(pair.b.address()));
    assertEquals(LOC_LEN_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void anAtomicOnAnAddressThatIsNoMultipleOfEightIsInvalid() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.fetchAndAdd(pair.memoryA.piece(0, 8), pair.memoryB.remote(4), 1));
    assertEquals(REM_INV_REQ_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void moreReadsThanTheResponderServesAreInvalid() {
    var pair = Pair.reliable(Attributes.none().maxDestReadAtomic(0));
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)));
    assertEquals(REM_INV_REQ_ERR, pair.only(pair.doneA).status());
  }

  /** RNR timer 12 is 0.64 ms: each of the two further attempts comes that much later. */
  @Test
  void noReceiveIsAskedForAgainAndThenGivenUp() {
    var pair = Pair.reliable(Attributes.none().rnrRetry(2).minRnrTimer(12));
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10)));
    WorkCompletion failed = pair.only(pair.doneA);
    assertEquals(RNR_RETRY_EXC_ERR, failed.status());
    int notReady = Aeth.receiverNotReady(12);
    assertEquals(List.of(notReady, notReady, notReady), syndromes(pair));
    long attempt = (10 + 2 + 82 + 86) * 80L + 2_000_000; // with 2 B of padding
    assertEquals(new Time(3 * attempt + 2 * ms(0.64).ps()), failed.at());
  }

  @Test
  void aReceiveThatComesInTimeSavesTheSend() {
    var pair = Pair.reliable(Attributes.none().rnrRetry(2));
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10)));
    pair.lab.run(ms(1));
    pair.b.receive(1, pair.memoryB.all());
    assertEquals(SUCCESS, pair.only(pair.doneA).status());
    assertEquals(10, pair.only(pair.doneB).bytes());
  }

  @Test
  void sevenMeansToAskForEverWhichTheLabDoesNot() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 10)));
    var error = assertThrows(IllegalStateException.class, pair.lab::run);
    assertTrue(error.getMessage().contains("rnr_retry 7 is without end"), error.getMessage());
    pair.b.receive(1, pair.memoryB.all());
    assertEquals(SUCCESS, pair.only(pair.doneA).status());
  }

  @ParameterizedTest
  @CsvSource({"0, 655.36", "1, 0.01", "12, 0.64", "14, 1.28", "31, 491.52"})
  void rnrTimersAreThoseOfTheStandard(int code, double millis) {
    assertEquals(ms(millis), RnrTimer.of(code));
  }

  /** Sent once and retry_cnt times again, each time waited for 4.096 us x 2^timeout. */
  @ParameterizedTest
  @CsvSource({"8, 3", "14, 7", "10, 0"})
  void aPeerThatIsGoneIsARetryExceededErrorAfterAllTimeouts(int timeout, int retries) {
    var pair = Pair.reliable(Attributes.none().timeout(timeout).retryCount(retries));
    pair.lab.unplug();
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)));
    WorkCompletion failed = pair.only(pair.doneA);
    assertEquals(RETRY_EXC_ERR, failed.status());
    assertEquals(new Time((retries + 1) * (4_096_000L << timeout)), failed.at());
    assertEquals(retries + 1, pair.lab.packets().size());
  }

  /** verbs.csv, TIMEOUT.14. */
  @Test
  void timeoutFourteenIs67Milliseconds() {
    assertEquals(ms(67.108864), Attributes.usual().timeout());
  }

  @Test
  void aQueuePairInErrorOnTheOtherSideIsSilentSoTheSenderRunsOutOfRetries() {
    var pair = Pair.reliable(Attributes.none().timeout(8).retryCount(1));
    pair.b.modify(QpState.ERR, Attributes.none());
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)));
    assertEquals(RETRY_EXC_ERR, pair.only(pair.doneA).status());
  }

  @Test
  void aTimeoutOfZeroWaitsForEver() {
    var pair = Pair.reliable(Attributes.none().timeout(0));
    pair.lab.unplug();
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)).id(5));
    assertEquals(List.of(), pair.outcome(pair.doneA));
    assertEquals(1, pair.lab.waiting().size());
  }

  @Test
  void whatIsPostedInErrorComesBackFlushed() {
    var pair = Pair.reliable();
    pair.a.modify(QpState.ERR, Attributes.none());
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)));
    pair.a.receive(4, pair.memoryA.all());
    assertEquals(List.of(WR_FLUSH_ERR, WR_FLUSH_ERR), pair.statuses(pair.doneA));
  }

  @Test
  void aQueuePairInErrorWorksAgainAfterReset() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8).lkey(BAD_KEY), pair.memoryB.remote(0)));
    assertEquals(LOC_PROT_ERR, pair.only(pair.doneA).status());
    pair.a.modify(QpState.RESET, Attributes.none());
    pair.b.modify(QpState.RESET, Attributes.none());
    pair.lab.connect(pair.a, pair.b);
    pair.a.post(WorkRequest.write(pair.memoryA.piece(0, 8), pair.memoryB.remote(0)));
    assertEquals(SUCCESS, pair.only(pair.doneA).status());
  }
}
