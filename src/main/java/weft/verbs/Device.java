package weft.verbs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weft.capture.Bth;
import weft.capture.Frame;
import weft.capture.Station;
import weft.units.Time;

/**
 * An RDMA adapter with one port: {@code struct ibv_context}. It takes no time of its own: what a
 * packet asks for is done when its last bit has come in.
 */
public final class Device {
  private static final long PAGE = 4096;

  private final String name;
  private final Station station;
  private final Cable cable;
  private final Map<Integer, MemoryRegion> byLkey = new HashMap<>();
  private final Map<Integer, MemoryRegion> byRkey = new HashMap<>();
  private final List<QueuePair> queuePairs = new ArrayList<>();
  private final Deque<Outgoing> replies = new ArrayDeque<>();
  private final List<String> asyncEvents = new ArrayList<>();
  private final int firstNumber;
  private long nextAddress;
  private int nextKey;
  private int domains;
  private int turn;
  private boolean sending;
  private @Nullable String lastRefusal;

  /** A packet, and what to do once it is on its way. */
  record Outgoing(Frame frame, Runnable sent) {}

  Device(String name, int index, Cable cable) {
    this.name = name;
    this.station = Station.gpu(index, 0);
    this.cable = cable;
    this.firstNumber = 0x11 + 0x100 * index;
    this.nextAddress = 0x7F00_0000_0000L + 0x10_0000_0000L * index;
    this.nextKey = 0x10 + 0x70 * index;
  }

  /** What tables call it. */
  public String name() {
    return name;
  }

  /** Its addresses. */
  public Station station() {
    return station;
  }

  /** A new protection domain: {@code ibv_alloc_pd}. */
  public ProtectionDomain protectionDomain() {
    return new ProtectionDomain(this, domains++);
  }

  /** A new completion queue: {@code ibv_create_cq}. */
  public CompletionQueue completionQueue() {
    return new CompletionQueue(this);
  }

  /**
   * What happened that no completion tells, as {@code ibv_get_async_event} reports it: a queue
   * pair's error at the responder.
   */
  public List<String> asyncEvents() {
    return List.copyOf(asyncEvents);
  }

  /** Adds an event, with what the device refused last if that is why. */
  void report(String event) {
    asyncEvents.add(lastRefusal == null ? event : event + ", because " + lastRefusal);
    lastRefusal = null;
  }

  MemoryRegion register(ProtectionDomain domain, int size, Set<Access> access) {
    int key = nextKey++ << 8;
    var region = new MemoryRegion(domain, nextAddress, size, key | 0x0A, key | 0xB5, access);
    nextAddress += (size + 2 * PAGE - 1) / PAGE * PAGE;
    byLkey.put(region.lkey(), region);
    byRkey.put(region.rkey(), region);
    return region;
  }

  QueuePair create(
      ProtectionDomain domain,
      QpType type,
      CompletionQueue sends,
      CompletionQueue receives,
      int depth) {
    int number = firstNumber + queuePairs.size();
    var pair = new QueuePair(domain, type, number, sends, receives, depth);
    queuePairs.add(pair);
    return pair;
  }

  Cable cable() {
    return cable;
  }

  long now() {
    return cable.now();
  }

  /** A work request's own buffer, or why the device refuses it. */
  Grant local(ProtectionDomain domain, LocalBuffer buffer, boolean toWrite) {
    MemoryRegion region = byLkey.get(buffer.lkey());
    String key = "lkey 0x%x".formatted(buffer.lkey());
    String refusal = refusal(region, key, domain, buffer.address(), buffer.length());
    if (refusal == null && region != null && toWrite && !region.permits(Access.LOCAL_WRITE)) {
      refusal = key + " does not permit LOCAL_WRITE";
    }
    return new Grant(region, refusal);
  }

  /** What the other side asks for, or why the device refuses it. */
  Grant remote(ProtectionDomain domain, int rkey, long address, long length, Access needed) {
    MemoryRegion region = byRkey.get(rkey);
    String key = "rkey 0x%x".formatted(rkey);
    String refusal = refusal(region, key, domain, address, length);
    if (refusal == null && region != null && !region.permits(needed)) {
      refusal = "%s does not permit %s".formatted(key, needed.name());
    }
    lastRefusal = refusal;
    return new Grant(region, refusal);
  }

  private @Nullable String refusal(
      @Nullable MemoryRegion region,
      String key,
      ProtectionDomain domain,
      long address,
      long length) {
    if (region == null) {
      return "%s is no key of device %s".formatted(key, name);
    }
    if (!region.isRegistered()) {
      return key + " belongs to a region that was deregistered";
    }
    if (region.domain() != domain) {
      return key + " belongs to another protection domain than the queue pair";
    }
    if (!region.covers(address, length)) {
      return "%d B at 0x%x lie outside the region of %s: %d B at 0x%x"
          .formatted(length, address, key, region.length(), region.address());
    }
    return null;
  }

  /** Answers go before requests, in their order. */
  void reply(Frame frame, Runnable sent) {
    replies.add(new Outgoing(frame, sent));
    pump();
  }

  /** Puts the next packet on the wire, if the port is free and there is one. */
  void pump() {
    if (sending) {
      return;
    }
    Outgoing next = replies.isEmpty() ? nextRequest() : replies.remove();
    if (next != null) {
      sending = true;
      cable.transmit(this, next.frame(), () -> sent(next));
    }
  }

  private void sent(Outgoing packet) {
    sending = false;
    packet.sent().run();
    pump();
  }

  private @Nullable Outgoing nextRequest() {
    for (int i = 0; i < queuePairs.size(); i++) {
      int index = (turn + i) % queuePairs.size();
      Outgoing request = queuePairs.get(index).requester().next();
      if (request != null) {
        turn = index + 1;
        return request;
      }
    }
    return null;
  }

  void receive(Frame frame) {
    Bth bth = frame.header(Bth.class).orElseThrow();
    int index = bth.destinationQp() - firstNumber;
    if (index < 0 || index >= queuePairs.size()) {
      return; // to nobody: an adapter drops it without a word
    }
    QueuePair pair = queuePairs.get(index);
    if (bth.opcode().isResponse()) {
      pair.requester().receive(frame, bth);
    } else {
      pair.responder().receive(frame, bth);
    }
  }

  /** Requests that have not completed, for the reader who wonders what a run still waits for. */
  List<String> waiting() {
    return queuePairs.stream().flatMap(pair -> pair.waiting().stream()).toList();
  }

  @Override
  public String toString() {
    return "device %s, %s, %s at %s".formatted(name, station.mac(), station.v4(), new Time(now()));
  }
}
