package weft.experiment;

import java.util.Arrays;
import java.util.stream.IntStream;
import weft.engine.packet.PacketEngine;
import weft.routing.QueuePairSplit;
import weft.routing.QueuePairSplit.Dealing;

/**
 * Messages over as many queue pairs as load balancing asks for: opens them, deals messages or parts
 * of them to them, and tells when all parts of a message have arrived.
 */
final class Lanes {
  /** No message. */
  static final int NONE = -1;

  private final PacketEngine engine;
  private final QueuePairSplit split;
  private int[] nextLane = new int[64]; // by first queue pair
  private int[] firstPart = new int[64]; // by message, an engine's message
  private int[] parts = new int[64];
  private int[] missing = new int[64];
  private int[] whole = new int[64]; // by an engine's message; NONE for other people's
  private int known; // engine's messages in whole
  private int count;
  private int arrived; // messages
  private int acknowledged; // messages, the first so many

  Lanes(PacketEngine engine, QueuePairSplit split) {
    this.engine = engine;
    this.split = split;
  }

  /** Opens the queue pairs of a flow; they are named by the first of them. */
  int open(int source, int destination) {
    return open(source, destination, 0);
  }

  /** Opens them in a traffic class. */
  int open(int source, int destination, int trafficClass) {
    int first = engine.connect(source, destination, trafficClass);
    for (int lane = 1; lane < split.count(); lane++) {
      engine.connect(source, destination, trafficClass);
    }
    if (first >= nextLane.length) {
      nextLane = Arrays.copyOf(nextLane, 2 * first);
    }
    return first;
  }

  /** Sends a message; says its number, from 0 in the order of sending. */
  int send(int flow, long bytes, long notBeforePs) {
    int message = count++;
    if (message == firstPart.length) {
      firstPart = Arrays.copyOf(firstPart, 2 * message);
      parts = Arrays.copyOf(parts, 2 * message);
      missing = Arrays.copyOf(missing, 2 * message);
    }
    boolean cut = split.dealing() == Dealing.MESSAGES_SPLIT;
    int n = cut ? (int) Math.min(split.count(), bytes) : 1;
    firstPart[message] = engine.messages();
    parts[message] = n;
    missing[message] = n;
    for (int part = 0; part < n; part++) {
      long length = bytes / n + (part < bytes % n ? 1 : 0);
      int lane = cut ? part : nextLane[flow];
      remember(engine.send(flow + lane, length, notBeforePs), message);
    }
    nextLane[flow] = (nextLane[flow] + 1) % split.count();
    return message;
  }

  private void remember(int part, int message) {
    if (part >= whole.length) {
      whole = Arrays.copyOf(whole, 2 * part);
    }
    Arrays.fill(whole, known, part, NONE);
    whole[part] = message;
    known = part + 1;
  }

  /** An engine's message has arrived: the message that is complete by it, or {@link #NONE}. */
  int arrived(int part) {
    int message = part < known ? whole[part] : NONE;
    boolean isComplete = message != NONE && --missing[message] == 0;
    arrived += isComplete ? 1 : 0;
    return isComplete ? message : NONE;
  }

  /** Whether an engine's message was sent here. */
  boolean owns(int part) {
    return part < known && whole[part] != NONE;
  }

  /** How many messages have arrived, as far as {@link #arrived(int)} was told. */
  int arrived() {
    return arrived;
  }

  /** Whether the senders of all messages that were sent know that they have arrived. */
  boolean areAcknowledged() {
    while (acknowledged < count && isAcknowledged(acknowledged)) {
      acknowledged++;
    }
    return acknowledged == count;
  }

  private boolean isAcknowledged(int message) {
    int first = firstPart[message];
    return IntStream.range(first, first + parts[message])
        .allMatch(part -> engine.acknowledgedPs(part) != PacketEngine.NOT_YET);
  }

  /** How many messages have been sent. */
  int messages() {
    return count;
  }

  /** The first of the engine's messages that a message became; the others follow it. */
  int firstPart(int message) {
    return firstPart[message];
  }

  /** How many of the engine's messages a message became. */
  int parts(int message) {
    return parts[message];
  }
}
