package weft.verbs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.capture.Ethernet;
import weft.capture.Header;
import weft.capture.Ipv4;
import weft.capture.Udp;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.Time;

/** A queue of sends, a queue of receives, and a state: {@code struct ibv_qp}. */
public final class QueuePair implements Tabular {
  private static final int FIRST_ENTROPY_PORT = 0xC000;

  /** A posted receive. */
  record Receive(long id, LocalBuffer buffer) {}

  private final ProtectionDomain domain;
  private final QpType type;
  private final int number;
  private final CompletionQueue sends;
  private final CompletionQueue receives;
  private final int depth;
  private final Deque<Receive> posted = new ArrayDeque<>();
  private final Requester requester;
  private final Responder responder;
  private QpState state = QpState.RESET;
  private Attributes attributes = Attributes.none();

  QueuePair(
      ProtectionDomain domain,
      QpType type,
      int number,
      CompletionQueue sends,
      CompletionQueue receives,
      int depth) {
    this.domain = domain;
    this.type = type;
    this.number = number;
    this.sends = sends;
    this.receives = receives;
    this.depth = depth;
    this.requester = new Requester(this);
    this.responder = new Responder(this);
  }

  /** Its number, 24 bits, which the other side must know. */
  public int number() {
    return number;
  }

  /** The service it gives. */
  public QpType type() {
    return type;
  }

  /** Where it stands. */
  public QpState state() {
    return state;
  }

  /** The device it is on. */
  public Device device() {
    return domain.device();
  }

  /**
   * Where datagrams to it must be sent.
   *
   * @throws IllegalStateException if it has no queue key yet
   */
  public Datagram address() {
    if (!attributes.has(Attribute.QKEY)) {
      throw new IllegalStateException(
          "%s has no queue key before it is in INIT: modify it first".formatted(this));
    }
    return new Datagram(device(), number, attributes.number(Attribute.QKEY));
  }

  /**
   * Moves it to another state: {@code ibv_modify_qp}. Attributes that this step does not need are
   * left aside.
   *
   * @param to INIT, RTR and RTS one after the other; RESET and ERR from anywhere
   * @throws IllegalStateException if it cannot go there from where it is
   * @throws IllegalArgumentException if an attribute is missing, which it names
   */
  public QueuePair modify(QpState to, Attributes given) {
    Check.notNull("the state", to, "write QpState.INIT");
    Check.notNull("attributes", given, "write Attributes.none().port(1)");
    checkStep(to);
    Set<Attribute> required = Attribute.required(type, to);
    var missing = required.stream().filter(attribute -> !given.has(attribute)).findFirst();
    if (missing.isPresent()) {
      throw new IllegalArgumentException(
          "to enter %s a queue pair of type %s needs %s, but %s was not given (ibv_modify_qp fails with EINVAL): add .%s"
              .formatted(to, type, required, missing.get(), missing.get().example()));
    }
    attributes = attributes.and(given);
    if (to == QpState.ERR) {
      fail();
    } else if (to == QpState.RESET) {
      reset();
    } else {
      state = to;
    }
    if (to == QpState.RTR) {
      responder.start();
    }
    if (to == QpState.RTS) {
      requester.start();
    }
    return this;
  }

  private void checkStep(QpState to) {
    boolean allowed =
        switch (to) {
          case RESET, ERR -> true;
          case INIT -> state == QpState.RESET;
          case RTR -> state == QpState.INIT;
          case RTS -> state == QpState.RTR;
        };
    if (!allowed) {
      throw new IllegalStateException(
          "a queue pair goes RESET, INIT, RTR, RTS, but this one is in %s and was to go to %s: take one step at a time"
              .formatted(state, to));
    }
  }

  private void reset() {
    state = QpState.RESET;
    attributes = Attributes.none();
    responder.drop();
    posted.clear();
    requester.forget();
  }

  /** Into the error state: everything comes back flushed. */
  void fail() {
    if (state == QpState.ERR) {
      return;
    }
    state = QpState.ERR;
    requester.flush();
    responder.drop();
    while (!posted.isEmpty()) {
      flush(posted.remove());
    }
  }

  private void flush(Receive receive) {
    complete(receive, Operation.RECV, Status.WR_FLUSH_ERR, 0, OptionalInt.empty(), "");
  }

  /**
   * Posts a request: {@code ibv_post_send}. Nothing happens before the lab runs.
   *
   * @throws IllegalStateException if it is not in RTS, or its queue is full
   * @throws IllegalArgumentException if its type does not know the operation
   */
  public QueuePair post(WorkRequest request) {
    Check.notNull("a work request", request, "write WorkRequest.send(region.all())");
    checkOperation(request);
    if (state == QpState.RESET || state == QpState.INIT || state == QpState.RTR) {
      throw new IllegalStateException(
          "sends are posted in RTS, but %s is in %s (ibv_post_send fails with EINVAL): modify it to RTS"
              .formatted(this, state));
    }
    checkRoom(requester.size(), "send");
    requester.post(request);
    return this;
  }

  private void checkOperation(WorkRequest request) {
    Operation operation = request.operation();
    if (!operation.isSupportedBy(type)) {
      throw new IllegalArgumentException(
          "%s is an operation of %s, but this queue pair is %s (ibv_post_send fails with EINVAL): create one of another type"
              .formatted(operation, operation.types(), type));
    }
    if ((type == QpType.UD) != (request.to() != null)) {
      throw new IllegalArgumentException(
          type == QpType.UD
              ? "a datagram names its receiver, but none was given: add .to(other.address())"
              : "only datagrams name their receiver; a queue pair of type %s is connected: leave .to(...) out"
                  .formatted(type));
    }
  }

  private void checkRoom(int used, String queue) {
    if (used >= depth) {
      throw new IllegalStateException(
          "the %s queue of %s holds %d work requests and is full (ibv_post_%s fails with ENOMEM): run the lab, or create it deeper"
              .formatted(queue, this, depth, queue.equals("send") ? "send" : "recv"));
    }
  }

  /**
   * Posts memory for one message: {@code ibv_post_recv}.
   *
   * @param id comes back in the completion
   * @throws IllegalStateException if it is in RESET, or its queue is full
   */
  public QueuePair receive(long id, LocalBuffer into) {
    Check.notNull("a buffer", into, "write region.all()");
    if (state == QpState.RESET) {
      throw new IllegalStateException(
          "receives are posted from INIT on, but %s is in RESET (ibv_post_recv fails with EINVAL): modify it to INIT"
              .formatted(this));
    }
    checkRoom(posted.size(), "receive");
    var receive = new Receive(id, into);
    if (state == QpState.ERR) {
      flush(receive);
    } else {
      posted.add(receive);
    }
    return this;
  }

  /** The receive posted first, taken out; {@code null} if there is none. */
  @Nullable Receive takeReceive() {
    return posted.poll();
  }

  /** Has a receive be the next one again. */
  void putBack(Receive receive) {
    posted.addFirst(receive);
  }

  /** The receive posted first, left where it is; {@code null} if there is none. */
  @Nullable Receive nextReceive() {
    return posted.peek();
  }

  void complete(
      Receive receive,
      Operation as,
      Status status,
      int bytes,
      OptionalInt immediate,
      String reason) {
    receives.add(
        new WorkCompletion(now(), receive.id(), number, as, status, bytes, immediate, reason));
  }

  void complete(WorkRequest request, Status status, String reason) {
    int bytes = status == Status.SUCCESS ? request.local().length() : 0;
    sends.add(
        new WorkCompletion(
            now(),
            request.id(),
            number,
            request.operation(),
            status,
            bytes,
            OptionalInt.empty(),
            reason));
  }

  private Time now() {
    return new Time(device().now());
  }

  ProtectionDomain domain() {
    return domain;
  }

  Attributes attributes() {
    return attributes;
  }

  Requester requester() {
    return requester;
  }

  Responder responder() {
    return responder;
  }

  /** Ethernet, IP and UDP to a device; the source port is this queue pair's entropy. */
  List<Header> headersTo(Device other) {
    var headers = new ArrayList<Header>();
    headers.add(Ethernet.between(device().station(), other.station()));
    headers.add(Ipv4.between(device().station(), other.station()));
    headers.add(Udp.roce(FIRST_ENTROPY_PORT | (number & 0x3FFF)));
    return headers;
  }

  List<String> waiting() {
    return requester.waiting();
  }

  /** A row an attribute that has been given. */
  @Override
  public Table table() {
    var names = StringColumn.create("attribute");
    var values = StringColumn.create("value");
    names.append("STATE");
    values.append(state.toString());
    for (Attribute attribute : Attribute.values()) {
      if (attributes.has(attribute)) {
        names.append(attribute.toString());
        values.append(shown(attribute));
      }
    }
    return Table.create(toString(), names, values);
  }

  private String shown(Attribute attribute) {
    return switch (attribute) {
      case AV -> "device " + attributes.device().name();
      case DEST_QPN -> "0x%06x".formatted(attributes.number(attribute));
      case QKEY -> "0x%08x".formatted(attributes.number(attribute));
      default -> attributes.value(attribute).toString();
    };
  }

  @Override
  public String toString() {
    return "queue pair 0x%06x (%s) of device %s".formatted(number, type, device().name());
  }
}
