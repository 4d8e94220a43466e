package weft.capture;

import static weft.units.Units.bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * Frames that passed some points of a network, in the order of their times. {@link #save} makes a
 * file of them that Wireshark and tshark open; {@link #table} lists them.
 */
public final class Capture implements Tabular {
  private static final DataSize WHOLE = bytes(1 << 18);

  private final List<CapturePoint> points;
  private final List<CapturedFrame> frames;
  private final long missed;
  private final DataSize snap;

  private Capture(
      List<CapturePoint> points, List<CapturedFrame> frames, long missed, DataSize snap) {
    this.points = points;
    this.frames = frames;
    this.missed = missed;
    this.snap = snap;
  }

  /**
   * A capture of these frames, whole.
   *
   * @param points where frames were taken
   * @param frames in the order of their times; the list must not change
   * @param missed how many more passed and were not kept
   */
  public static Capture of(List<CapturePoint> points, List<CapturedFrame> frames, long missed) {
    Check.notNull("capture points", points, "write List.of(new CapturePoint(\"link\", gbps(400)))");
    Check.notNull("captured frames", frames, "write List.of()");
    return new Capture(List.copyOf(points), frames, missed, WHOLE);
  }

  /**
   * Keeping at most so much of each frame in the file, at least 64 bytes.
   *
   * <p>Wireshark still reads the headers of frames that were cut, but calls InfiniBand packets
   * malformed in its list ("Invalid Packet Length from LRH"), because it wants their whole payload.
   */
  public Capture snap(DataSize most) {
    Check.notNull("the snap length", most, "write bytes(128)");
    if (most.bytes() < 64 || most.compareTo(WHOLE) > 0) {
      throw new IllegalArgumentException(
          "a snap length lies between 64 B and 256 KiB, but was %s: bytes(128) keeps all headers"
              .formatted(most));
    }
    return new Capture(points, frames, missed, most);
  }

  /**
   * Only the frames for which the condition holds, for example {@code f -> f.payloadBytes() > 0}.
   */
  public Capture where(Predicate<Frame> condition) {
    Check.notNull("a condition", condition, "write for example f -> f.payloadBytes() > 0");
    var kept = frames.stream().filter(f -> condition.test(f.frame())).toList();
    return new Capture(points, kept, missed, snap);
  }

  /** How many frames were kept. */
  public int size() {
    return frames.size();
  }

  /** How many more passed and were not kept, because the capture was full. */
  public long missed() {
    return missed;
  }

  /** Where frames were taken. */
  public List<CapturePoint> points() {
    return points;
  }

  /** The frames, in the order of their times. */
  public List<CapturedFrame> frames() {
    return frames;
  }

  /** A frame, from 0. */
  public Frame frame(int index) {
    Check.index("frame", index, frames.size());
    return frames.get(index).frame();
  }

  /**
   * Writes a {@code .pcapng} file, in place of one that was there. Time stamps are nanoseconds,
   * rounded down; simulated time 0 is the first of January 1970.
   *
   * @param file for example {@code "incast.pcapng"}
   * @return the file
   * @throws UncheckedIOException if it cannot be written
   */
  public Path save(String file) {
    Check.notNull("a file name", file, "write save(\"incast.pcapng\")");
    Path path = Path.of(file);
    try (var out = new Pcapng(path, (int) snap.bytes(), points)) {
      for (CapturedFrame frame : frames) {
        out.write(frame.point(), frame.at(), frame.frame().toBytes(), frame.comment());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a capture is written to a file in a folder that exists, but %s cannot be written: write for example save(\"incast.pcapng\")"
              .formatted(path.toAbsolutePath()),
          e);
    }
    return path;
  }

  /**
   * A row a frame: when, where, which operation, PSN, ECN mark, what it says, and what a reader
   * should know.
   */
  @Override
  public Table table() {
    int n = frames.size();
    var table =
        Table.create(
            title(),
            Numbers.empty("time (us)", n),
            StringColumn.create("where", n),
            StringColumn.create("what", n),
            IntColumn.create("PSN", n),
            StringColumn.create("syndrome", n),
            StringColumn.create("ECN", n),
            IntColumn.create("payload (B)", n),
            IntColumn.create("frame (B)", n));
    var note = StringColumn.create("note", n);
    for (int i = 0; i < n; i++) {
      CapturedFrame captured = frames.get(i);
      fill(table, i, captured);
      note.set(i, captured.comment());
    }
    return note.countMissing() == n ? table : table.addColumns(note);
  }

  private String title() {
    return missed == 0
        ? "%,d frames".formatted(size())
        : "The first %,d frames of %,d".formatted(size(), size() + missed);
  }

  private void fill(Table table, int row, CapturedFrame captured) {
    Frame frame = captured.frame();
    Time at = captured.at();
    table.doubleColumn(0).set(row, at.micros());
    table.stringColumn(1).set(row, points.get(captured.point()).name());
    table.stringColumn(2).set(row, what(frame));
    frame.header(Bth.class).ifPresent(bth -> table.intColumn(3).set(row, bth.psn()));
    frame
        .header(Aeth.class)
        .ifPresent(aeth -> table.stringColumn(4).set(row, Aeth.meaning(aeth.syndrome())));
    frame
        .header(InternetHeader.class)
        .ifPresent(ip -> table.stringColumn(5).set(row, ip.ecn().toString()));
    table.intColumn(6).set(row, frame.payloadBytes());
    table.intColumn(7).set(row, frame.bytes() + Frame.CHECK_SEQUENCE);
  }

  private static String what(Frame frame) {
    return frame.header(Bth.class).map(bth -> bth.opcode().toString()).orElseGet(frame::info);
  }

  @Override
  public String toString() {
    return title();
  }
}
