package weft.capture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Tabular;
import weft.units.Check;

/**
 * One frame on a link: headers from the outside in, and a payload. Lengths, types, checksums, the
 * padding to four bytes and the invariant CRC follow from them.
 *
 * <pre>{@code
 * Frame.of(
 *     Ethernet.between(a, b),
 *     Ipv4.between(a, b),
 *     Udp.roce(49152),
 *     Bth.of(Opcode.RC_RDMA_WRITE_ONLY, 17).psn(7),
 *     new Reth(0x7f0000000000L, 42, 4096))
 *   .carrying(new byte[4096])
 * }</pre>
 */
public final class Frame implements Tabular {
  /** The frame check sequence, which capture files leave out. */
  public static final int CHECK_SEQUENCE = 4;

  /** Preamble 8 and inter-frame gap 12: time on the wire that no capture shows. */
  public static final int PREAMBLE_AND_GAP = 20;

  private final List<Header> headers;
  private final byte[] payload;

  private Frame(List<Header> headers, byte[] payload) {
    this.headers = headers;
    this.payload = payload;
  }

  /**
   * A frame of these headers, without payload.
   *
   * @throws IllegalArgumentException if it does not begin with Ethernet, or a BTH is not followed
   *     by the headers of its opcode
   */
  public static Frame of(Header... headers) {
    Check.noneNull("headers", headers, "begin with Ethernet.between(a, b)");
    if (headers.length < 2 || !(headers[0] instanceof Ethernet)) {
      throw new IllegalArgumentException(
          "a frame begins with Ethernet and what is inside it: write Frame.of(Ethernet.between(a, b), ...)");
    }
    var frame = new Frame(List.of(headers), new byte[0]);
    frame.bth().ifPresent(frame::checkExtensions);
    return frame;
  }

  private void checkExtensions(Bth bth) {
    var behind = headers.subList(headers.indexOf(bth) + 1, headers.size());
    List<Class<? extends Header>> given = new ArrayList<>();
    behind.forEach(h -> given.add(h.getClass()));
    if (!given.equals(bth.opcode().extensions())) {
      throw new IllegalArgumentException(
          "behind a BTH with %s comes %s, but was given %s: add what is missing"
              .formatted(bth.opcode(), names(bth.opcode().extensions()), names(given)));
    }
  }

  private static String names(List<Class<? extends Header>> types) {
    var names = new StringJoiner(" and ");
    types.forEach(type -> names.add(type.getSimpleName()));
    return types.isEmpty() ? "the payload" : names.toString();
  }

  /** With this payload in place of the one it had. */
  public Frame carrying(byte[] bytes) {
    Check.notNull("a payload", bytes, "write new byte[4096]");
    return new Frame(headers, bytes.clone());
  }

  /** The headers, from the outside in. */
  public List<Header> headers() {
    return headers;
  }

  /** The header of this kind, if there is one. */
  public <H extends Header> Optional<H> header(Class<H> kind) {
    return headers.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  private Optional<Bth> bth() {
    return header(Bth.class);
  }

  /** A copy of the payload, without padding. */
  public byte[] payload() {
    return payload.clone();
  }

  /** Bytes of payload. */
  public int payloadBytes() {
    return payload.length;
  }

  private int pad() {
    return bth().isPresent() ? -payload.length & 3 : 0;
  }

  private int unpadded() {
    int sum = headers.stream().mapToInt(Header::bytes).sum() + payload.length + pad();
    return bth().isPresent() ? sum + Icrc.BYTES : sum;
  }

  /** Bytes in a capture: without preamble, check sequence and gap; at least 60. */
  public int bytes() {
    return Math.max(Ethernet.MINIMUM, unpadded());
  }

  /** Bytes of time that the frame takes of its link: preamble, check sequence and gap included. */
  public int wireBytes() {
    return bytes() + CHECK_SEQUENCE + PREAMBLE_AND_GAP;
  }

  /** The frame as captured: without preamble, check sequence and gap. */
  public byte[] toBytes() {
    byte[] all = new byte[bytes()];
    ByteBuffer to = ByteBuffer.wrap(all);
    int end = unpadded();
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      Header next = i + 1 < headers.size() ? headers.get(i + 1) : null;
      int behind = end - to.position() - header.bytes();
      header.put(to, new Header.Inside(next, behind, pad()));
    }
    to.put(payload);
    bth().ifPresent(bth -> putIcrc(all, end));
    header(Ipv6.class).ifPresent(ip -> putUdpChecksum(all, ip, end));
    return all;
  }

  private int offset(Class<? extends Header> kind) {
    int offset = 0;
    for (Header header : headers) {
      if (kind.isInstance(header)) {
        return offset;
      }
      offset += header.bytes();
    }
    return -1;
  }

  private void putIcrc(byte[] all, int end) {
    boolean udp = offset(Udp.class) >= 0;
    int network = Math.max(offset(InternetHeader.class), offset(Grh.class));
    byte[] packet = Arrays.copyOfRange(all, network, end - Icrc.BYTES);
    int icrc = Icrc.of(packet, offset(Bth.class) - network, udp);
    ByteBuffer.wrap(all).putInt(end - Icrc.BYTES, Integer.reverseBytes(icrc));
  }

  private void putUdpChecksum(byte[] all, Ipv6 ip, int end) {
    int udp = offset(Udp.class);
    int length = end - udp;
    ByteBuffer header = ByteBuffer.allocate(40);
    ip.source().put(header);
    ip.destination().put(header);
    header.putInt(length).putInt(Udp.PROTOCOL);
    int addresses = ~InternetChecksum.of(header, 0, header.capacity(), 0) & 0xFFFF;
    ByteBuffer frame = ByteBuffer.wrap(all);
    int sum = InternetChecksum.of(frame, udp, length, addresses);
    frame.putShort(udp + 6, (short) (sum == 0 ? 0xFFFF : sum));
  }

  /** A row a field: where its header begins, and what it says. */
  @Override
  public Table table() {
    var table =
        Table.create(
            "Frame of %d B, %d B on the wire".formatted(bytes() + CHECK_SEQUENCE, wireBytes()),
            IntColumn.create("offset (B)"),
            IntColumn.create("size (B)"),
            StringColumn.create("header"),
            StringColumn.create("field"),
            StringColumn.create("value"));
    int offset = 0;
    for (Header header : headers) {
      for (Header.Field field : header.fields()) {
        addRow(table, offset, header.bytes(), header.title(), field.name(), field.value());
      }
      offset += header.bytes();
    }
    if (payload.length > 0) {
      addRow(table, offset, payload.length + pad(), "payload", "bytes", "" + payload.length);
    }
    if (bth().isPresent()) {
      int icrc = ByteBuffer.wrap(toBytes()).getInt(unpadded() - Icrc.BYTES);
      addRow(table, unpadded() - Icrc.BYTES, Icrc.BYTES, "ICRC", "CRC", "0x%08x".formatted(icrc));
    }
    return table;
  }

  private static void addRow(
      Table table, int offset, int size, String header, String field, String value) {
    table.intColumn(0).append(offset);
    table.intColumn(1).append(size);
    table.stringColumn(2).append(header);
    table.stringColumn(3).append(field);
    table.stringColumn(4).append(value);
  }

  /** The bytes as Wireshark shows them: sixteen a line, in hexadecimal, with their offset. */
  public String hex() {
    byte[] all = toBytes();
    var lines = new StringBuilder();
    for (int from = 0; from < all.length; from += 16) {
      byte[] line = Arrays.copyOfRange(all, from, Math.min(all.length, from + 16));
      lines.append("%04x  ".formatted(from));
      lines.append(HexFormat.ofDelimiter(" ").formatHex(line)).append('\n');
    }
    return lines.toString();
  }

  /** What it is, in a line: {@code RC ACKNOWLEDGE, QP 0x000011, PSN 7, ACK}. */
  public String info() {
    var pause = header(PriorityPause.class);
    if (pause.isPresent()) {
      return "PFC classes 0x%02x, quanta %s".formatted(pause.get().classes(), pause.get().quanta());
    }
    var parts = new StringJoiner(", ");
    bth()
        .ifPresent(
            bth -> {
              parts.add(bth.opcode().toString());
              parts.add("QP 0x%06x".formatted(bth.destinationQp()));
              parts.add("PSN " + bth.psn());
            });
    header(Aeth.class).ifPresent(aeth -> parts.add(Aeth.meaning(aeth.syndrome())));
    header(UetPds.class).ifPresent(pds -> parts.add(pds.info()));
    if (payload.length > 0) {
      parts.add(payload.length + " B");
    }
    return parts.toString();
  }

  @Override
  public String toString() {
    return info();
  }
}
