package weft.engine.packet;

import java.util.Arrays;
import weft.engine.packet.QueuePairCounters.Status;
import weft.units.Rate;

/** Queue pairs by number: what their sender and their receiver remember. */
final class QueuePairs {
  /** Nothing to send. */
  static final byte IDLE = 0;

  /** An event will come when the next packet may go. */
  static final byte WAITING = 1;

  /** In the list of its port. */
  static final byte READY = 2;

  private static final int FIRST_SIZE = 64;
  private static final long[] NO_BITS = {};

  int[] source = new int[FIRST_SIZE]; // GPU numbers
  int[] destination = new int[FIRST_SIZE];
  int[] sourcePort = new int[FIRST_SIZE]; // the first port of its data
  byte[] trafficClass = new byte[FIRST_SIZE]; // of its data
  int[] answerPort = new int[FIRST_SIZE]; // the first port of its acknowledgements

  // Sender.
  int[] nextPsn = new int[FIRST_SIZE]; // to be sent next
  int[] unacked = new int[FIRST_SIZE]; // all before it are acknowledged
  int[] sent = new int[FIRST_SIZE]; // one past the highest ever sent
  int[] endPsn = new int[FIRST_SIZE]; // one past the last posted
  int[] sendMessage = new int[FIRST_SIZE]; // the message of nextPsn, or an earlier one
  int[] ackMessage = new int[FIRST_SIZE]; // the first not acknowledged, or the last of all
  int[] lastMessage = new int[FIRST_SIZE];
  long[] eligible = new long[FIRST_SIZE]; // when its pace allows the next packet, ps
  long[] wake = new long[FIRST_SIZE]; // the event it is WAITING for, ps
  byte[] state = new byte[FIRST_SIZE];
  int[] nextReady = new int[FIRST_SIZE]; // in the list of its port
  long[] timeout = new long[FIRST_SIZE]; // when the acknowledgement timer runs out, ps
  boolean[] timeoutPending = new boolean[FIRST_SIZE];
  int[] retries = new int[FIRST_SIZE];
  long[] sentBytes = new long[FIRST_SIZE]; // payload, each byte once
  long[] ackedBytes = new long[FIRST_SIZE];
  Status[] status = new Status[FIRST_SIZE];

  // Receiver.
  int[] expected = new int[FIRST_SIZE];
  int[] deliverMessage = new int[FIRST_SIZE]; // the first not delivered, or the last of all
  boolean[] nakSent = new boolean[FIRST_SIZE];
  long[][] early = new long[FIRST_SIZE][]; // a ring of bits: received ahead of their turn
  long[] nextCnp = new long[FIRST_SIZE]; // when another CNP may be sent, ps
  long[] postedBytes = new long[FIRST_SIZE]; // payload
  long[] receivedBytes = new long[FIRST_SIZE]; // payload, each byte once

  long[] retransmitted = new long[FIRST_SIZE];
  long[] cnps = new long[FIRST_SIZE];
  long[] naks = new long[FIRST_SIZE];
  long[] timeouts = new long[FIRST_SIZE];
  boolean[] waited = new boolean[FIRST_SIZE]; // for acknowledgements, its window full
  private int count;

  int count() {
    return count;
  }

  int add(int sourceGpu, int destinationGpu, int ofClass) {
    if (count == source.length) {
      growSender(2 * count);
      growReceiver(2 * count);
    }
    int qp = count++;
    source[qp] = sourceGpu;
    destination[qp] = destinationGpu;
    trafficClass[qp] = (byte) ofClass;
    sendMessage[qp] = Messages.NONE;
    ackMessage[qp] = Messages.NONE;
    lastMessage[qp] = Messages.NONE;
    deliverMessage[qp] = Messages.NONE;
    status[qp] = Status.OK;
    early[qp] = NO_BITS;
    return qp;
  }

  /** Whether something sent is not acknowledged, and still waited for. */
  boolean outstanding(int qp) {
    return unacked[qp] < sent[qp] && status[qp] == Status.OK;
  }

  /** What a queue pair has been through, its rate in bit/s given. */
  QueuePairCounters counters(int qp, double bitsPerSecond) {
    return new QueuePairCounters(
        qp,
        source[qp],
        destination[qp],
        trafficClass[qp],
        retransmitted[qp],
        cnps[qp],
        naks[qp],
        timeouts[qp],
        waited[qp],
        new Rate(Math.round(bitsPerSecond)),
        status[qp]);
  }

  private void growSender(int size) {
    source = Arrays.copyOf(source, size);
    destination = Arrays.copyOf(destination, size);
    sourcePort = Arrays.copyOf(sourcePort, size);
    trafficClass = Arrays.copyOf(trafficClass, size);
    nextPsn = Arrays.copyOf(nextPsn, size);
    unacked = Arrays.copyOf(unacked, size);
    sent = Arrays.copyOf(sent, size);
    endPsn = Arrays.copyOf(endPsn, size);
    sendMessage = Arrays.copyOf(sendMessage, size);
    ackMessage = Arrays.copyOf(ackMessage, size);
    lastMessage = Arrays.copyOf(lastMessage, size);
    eligible = Arrays.copyOf(eligible, size);
    wake = Arrays.copyOf(wake, size);
    state = Arrays.copyOf(state, size);
    nextReady = Arrays.copyOf(nextReady, size);
    timeout = Arrays.copyOf(timeout, size);
    timeoutPending = Arrays.copyOf(timeoutPending, size);
    retries = Arrays.copyOf(retries, size);
    sentBytes = Arrays.copyOf(sentBytes, size);
    ackedBytes = Arrays.copyOf(ackedBytes, size);
    status = Arrays.copyOf(status, size);
  }

  private void growReceiver(int size) {
    answerPort = Arrays.copyOf(answerPort, size);
    expected = Arrays.copyOf(expected, size);
    deliverMessage = Arrays.copyOf(deliverMessage, size);
    nakSent = Arrays.copyOf(nakSent, size);
    early = Arrays.copyOf(early, size);
    nextCnp = Arrays.copyOf(nextCnp, size);
    postedBytes = Arrays.copyOf(postedBytes, size);
    receivedBytes = Arrays.copyOf(receivedBytes, size);
    retransmitted = Arrays.copyOf(retransmitted, size);
    cnps = Arrays.copyOf(cnps, size);
    naks = Arrays.copyOf(naks, size);
    timeouts = Arrays.copyOf(timeouts, size);
    waited = Arrays.copyOf(waited, size);
  }
}
