package weft.capture;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import weft.units.Time;

/**
 * Writes a capture file of the pcapng format (draft-ietf-opsawg-pcapng): a section header, an
 * interface description for each point with nanosecond time stamps, and a block a frame, as they
 * come.
 */
final class Pcapng implements Closeable {
  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;
  private static final int BYTE_ORDER = 0x1A2B3C4D;
  private static final int ETHERNET = 1;

  private static final int END = 0;
  private static final int COMMENT = 1;
  private static final int NAME = 2;
  private static final int APPLICATION = 4;
  private static final int SPEED = 8;
  private static final int RESOLUTION = 9;
  private static final int CHECK_SEQUENCE_LENGTH = 13;
  private static final int LONGEST_OPTION = 0xFFFF;

  private final OutputStream out;
  private final int snap;

  /**
   * Opens the file and describes it.
   *
   * @param snap most bytes kept of a frame
   */
  Pcapng(Path file, int snap, List<CapturePoint> points) throws IOException {
    this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    this.snap = snap;
    ByteBuffer section = body(64);
    section.putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
    option(section, APPLICATION, text("Weft"));
    block(SECTION, section);
    for (CapturePoint point : points) {
      describe(point);
    }
  }

  private void describe(CapturePoint point) throws IOException {
    byte[] name = text(point.name());
    ByteBuffer body = body(128 + name.length);
    body.putShort((short) ETHERNET).putShort((short) 0).putInt(snap);
    option(body, NAME, name);
    option(body, SPEED, taken(body(8).putLong(point.rate().bitsPerSecond())));
    option(body, RESOLUTION, new byte[] {9});
    option(body, CHECK_SEQUENCE_LENGTH, new byte[] {0});
    block(INTERFACE, body);
  }

  /** Appends a frame that passed a point at a time. */
  void write(int point, Time at, byte[] frame, String comment) throws IOException {
    int kept = Math.min(frame.length, snap);
    byte[] note = text(comment);
    ByteBuffer body = body(40 + kept + note.length);
    long nanoseconds = at.ps() / 1000;
    body.putInt(point).putInt((int) (nanoseconds >> 32)).putInt((int) nanoseconds);
    body.putInt(kept).putInt(frame.length).put(frame, 0, kept);
    align(body);
    if (note.length > 0) {
      option(body, COMMENT, note);
    }
    block(PACKET, body);
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_OPTION ? bytes : java.util.Arrays.copyOf(bytes, LONGEST_OPTION);
  }

  private static ByteBuffer body(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void option(ByteBuffer to, int code, byte[] value) {
    to.putShort((short) code).putShort((short) value.length).put(value);
    align(to);
  }

  private static void align(ByteBuffer to) {
    while ((to.position() & 3) != 0) {
      to.put((byte) 0);
    }
  }

  private void block(int type, ByteBuffer body) throws IOException {
    body.putInt(END);
    int length = body.position() + 12;
    out.write(taken(body(8).putInt(type).putInt(length)));
    out.write(taken(body));
    out.write(taken(body(4).putInt(length)));
  }

  private static byte[] taken(ByteBuffer written) {
    byte[] bytes = new byte[written.position()];
    written.flip().get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
