package weft.verbs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.capture.Aeth;
import weft.capture.AtomicAckEth;
import weft.capture.Bth;
import weft.capture.Frame;
import weft.capture.Opcode;
import weft.units.Time;

/**
 * The sending half of a queue pair: requests in order, PSNs, answers, timers, and going back.
 *
 * <p>PSNs are counted here without end; on the wire they have 24 bits.
 */
final class Requester {
  private static final int WITHOUT_END = 7;
  private static final int ENOUGH_RNR = 1_000;
  private static final long NOTHING = -1;

  private final QueuePair pair;
  private final List<SendWork> work = new ArrayList<>(); // posted and not completed, oldest first
  private long nextPsn; // of the next request to be posted
  private long sendPsn; // of the next packet to be sent
  private int retries;
  private int rnrRetries;
  private long askedAgainFor = NOTHING; // the PSN of data that was lost on its way back
  private Cable.@Nullable Event pause; // for a receiver that was not ready
  private Cable.@Nullable Event timer;

  Requester(QueuePair pair) {
    this.pair = pair;
  }

  void start() {
    nextPsn = pair.attributes().number(Attribute.SQ_PSN);
    sendPsn = nextPsn;
    retries = 0;
    rnrRetries = 0;
  }

  int size() {
    return work.size();
  }

  List<String> waiting() {
    return work.stream()
        .map(
            w ->
                "%s: request %d, %s, PSN %d to %d"
                    .formatted(
                        pair, w.request().id(), w.request().operation(), w.first(), w.last()))
        .toList();
  }

  void post(WorkRequest request) {
    if (pair.state() == QpState.ERR) {
      pair.complete(request, Status.WR_FLUSH_ERR, "");
      return;
    }
    var next = new SendWork(request, nextPsn, mtu());
    work.add(next);
    nextPsn = next.last() + 1;
    // At the lab's next instant, so that a cell can post several before time goes on.
    pair.device().cable().at(pair.device().now(), pair.device()::pump);
  }

  private int mtu() {
    return pair.type() == QpType.UD ? 4096 : pair.attributes().number(Attribute.PATH_MTU);
  }

  void forget() {
    work.clear();
    askedAgainFor = NOTHING;
    stopTimer();
    if (pause != null) {
      pair.device().cable().cancel(pause);
      pause = null;
    }
  }

  void flush() {
    List<SendWork> rest = List.copyOf(work);
    forget();
    for (SendWork each : rest) {
      pair.complete(each.request(), Status.WR_FLUSH_ERR, "");
    }
  }

  /** The next packet to send, or {@code null}. */
  Device.@Nullable Outgoing next() {
    if (pair.state() != QpState.RTS || pause != null) {
      return null;
    }
    SendWork current = at(sendPsn);
    if (current == null || !mayBegin(current)) {
      return null;
    }
    Frame frame = new RequestPackets(pair, mtu()).at(current, sendPsn);
    sendPsn = current.request().operation().reads() ? current.last() + 1 : sendPsn + 1;
    if (pair.type() == QpType.RC) {
      watch();
    } else if (sendPsn > current.last()) {
      return new Device.Outgoing(frame, () -> sent(current)); // nobody will acknowledge it
    }
    return new Device.Outgoing(frame, () -> {});
  }

  private void sent(SendWork last) {
    if (work.contains(last)) {
      finish(last);
    }
  }

  private @Nullable SendWork at(long psn) {
    for (SendWork each : work) {
      if (psn <= each.last()) {
        return psn >= each.first() ? each : null;
      }
    }
    return null;
  }

  /** Whether a request's turn has come; a bad local buffer is found here, as an adapter does. */
  private boolean mayBegin(SendWork current) {
    WorkRequest request = current.request();
    boolean reads = request.operation().reads();
    if (reads && readsUnderWay() >= pair.attributes().number(Attribute.MAX_QP_RD_ATOMIC)) {
      return false;
    }
    String reason = refusal(request);
    if (reason == null) {
      return true;
    }
    if (current == work.get(0)) { // errors complete in order too
      Status status = reason.startsWith("a datagram") ? Status.LOC_LEN_ERR : Status.LOC_PROT_ERR;
      fail(current, status, reason);
    }
    return false;
  }

  private @Nullable String refusal(WorkRequest request) {
    LocalBuffer local = request.local();
    if (pair.type() == QpType.UD && local.length() > mtu()) {
      return "a datagram is one packet of at most %d B, but this one has %d B"
          .formatted(mtu(), local.length());
    }
    if (local.length() == 0) {
      return null;
    }
    boolean toWrite = request.operation().reads();
    return pair.device().local(pair.domain(), local, toWrite).refusal();
  }

  private long readsUnderWay() {
    return work.stream()
        .filter(w -> w.request().operation().reads() && w.first() < sendPsn && w.last() < sendPsn)
        .count();
  }

  /** An answer of the other side. */
  void receive(Frame frame, Bth bth) {
    if (pair.state() != QpState.RTS || work.isEmpty()) {
      return;
    }
    long psn = unwrap(bth.psn());
    var aeth = frame.header(Aeth.class);
    if (bth.opcode() == Opcode.RC_ACKNOWLEDGE) {
      answered(psn, aeth.orElseThrow().syndrome());
    } else {
      acknowledge(psn - 1);
      data(psn, frame);
    }
    if (pair.state() == QpState.RTS) {
      watch();
    }
    pair.device().pump();
  }

  /** The count without end that lies nearest to what is under way. */
  private long unwrap(int psn) {
    long base = work.get(0).first();
    int ahead = (psn - (int) base) << 8 >> 8; // 24 bits with their sign
    return base + ahead;
  }

  private void answered(long psn, int syndrome) {
    switch (syndrome) {
      case Aeth.NAK_SEQUENCE -> {
        acknowledge(psn - 1);
        goBack(psn);
      }
      case Aeth.NAK_INVALID_REQUEST -> refused(psn, Status.REM_INV_REQ_ERR);
      case Aeth.NAK_REMOTE_ACCESS -> refused(psn, Status.REM_ACCESS_ERR);
      case Aeth.NAK_REMOTE_OPERATION -> refused(psn, Status.REM_OP_ERR);
      case Aeth.ACK -> acknowledge(psn);
      default -> notReady(psn, syndrome & 31);
    }
  }

  private void refused(long psn, Status status) {
    acknowledge(psn - 1);
    SendWork current = at(psn);
    if (current != null) {
      fail(current, status, "the other side answered NAK for PSN " + (psn & 0xFFFFFF));
    }
  }

  private void notReady(long psn, int timerCode) {
    acknowledge(psn - 1);
    SendWork current = at(psn);
    int allowed = pair.attributes().number(Attribute.RNR_RETRY);
    if (current == null) {
      return;
    }
    if (allowed != WITHOUT_END && rnrRetries >= allowed) {
      fail(
          current,
          Status.RNR_RETRY_EXC_ERR,
          "no receive was posted over there, asked %d times".formatted(rnrRetries + 1));
      return;
    }
    if (++rnrRetries >= ENOUGH_RNR) {
      rnrRetries = 0;
      throw new IllegalStateException(
          "%s has asked %d times for a receive that nobody posts, and rnr_retry 7 is without end: post one with receive(...), or use rnrRetry(2)"
              .formatted(pair, ENOUGH_RNR));
    }
    sendPsn = psn;
    stopTimer();
    Device device = pair.device();
    pause = device.cable().at(device.now() + RnrTimer.of(timerCode).ps(), this::resume);
  }

  private void resume() {
    pause = null;
    pair.device().pump();
  }

  /** All packets up to this one have arrived; reads are done only when their data is here. */
  private void acknowledge(long psn) {
    while (!work.isEmpty()) {
      SendWork head = work.get(0);
      if (head.request().operation().reads()) {
        if (psn >= head.last()) {
          askAgain(head);
        }
        return;
      }
      if (psn < head.last()) {
        if (psn >= head.first() + head.acknowledged()) {
          head.acknowledged(psn + 1 - head.first());
          progress();
        }
        return;
      }
      finish(head);
    }
  }

  private void finish(SendWork done) {
    work.remove(done);
    sendPsn = Math.max(sendPsn, done.last() + 1);
    progress();
    pair.complete(done.request(), Status.SUCCESS, "");
  }

  private void progress() {
    retries = 0;
    rnrRetries = 0;
  }

  /** Data that a read or an atomic brings back. */
  private void data(long psn, Frame frame) {
    SendWork current = work.isEmpty() ? null : work.get(0);
    if (current == null || !current.request().operation().reads()) {
      return;
    }
    long expected = current.first() + current.arrived();
    if (psn > expected) {
      askAgain(current);
    }
    if (psn != expected) {
      return; // lost before it, or come twice
    }
    Grant local = pair.device().local(pair.domain(), current.request().local(), true);
    if (current.request().local().length() > 0 && local.isRefused()) {
      fail(current, Status.LOC_PROT_ERR, local.why());
      return;
    }
    long at = current.request().local().address() + (psn - current.first()) * mtu();
    byte[] bytes = frame.header(AtomicAckEth.class).map(Requester::bytes).orElseGet(frame::payload);
    if (bytes.length > 0) {
      local.memory().write(at, bytes);
    }
    current.arrived(current.arrived() + 1);
    progress();
    if (psn == current.last()) {
      finish(current);
    }
  }

  private static byte[] bytes(AtomicAckEth answer) {
    return java.nio.ByteBuffer.allocate(Long.BYTES).putLong(answer.original()).array();
  }

  /** Asks for the rest of a read, once for each packet that was lost on its way back. */
  private void askAgain(SendWork read) {
    long missing = read.first() + read.arrived();
    if (askedAgainFor != missing) {
      askedAgainFor = missing;
      goBack(missing);
    }
  }

  private void goBack(long psn) {
    sendPsn = Math.min(sendPsn, psn);
  }

  private void fail(SendWork failed, Status status, String reason) {
    work.remove(failed);
    pair.complete(failed.request(), status, reason);
    pair.fail();
  }

  private boolean isUnderWay() {
    return !work.isEmpty() && work.get(0).first() < sendPsn;
  }

  /** Waits from now for an answer, if one is to come. */
  private void watch() {
    stopTimer();
    Time timeout = pair.attributes().timeout();
    if (timeout.ps() > 0 && isUnderWay() && pause == null) {
      Device device = pair.device();
      timer = device.cable().at(device.now() + timeout.ps(), this::timedOut);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      pair.device().cable().cancel(timer);
      timer = null;
    }
  }

  private void timedOut() {
    timer = null;
    SendWork head = work.get(0);
    int allowed = pair.attributes().number(Attribute.RETRY_CNT);
    if (retries >= allowed) {
      fail(
          head,
          Status.RETRY_EXC_ERR,
          "no answer within %s, sent %d times".formatted(pair.attributes().timeout(), retries + 1));
      return;
    }
    retries++;
    askedAgainFor = NOTHING;
    goBack(
        head.first() + (head.request().operation().reads() ? head.arrived() : head.acknowledged()));
    pair.device().pump();
  }
}
