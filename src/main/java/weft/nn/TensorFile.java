package weft.nn;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weft.report.Digits;

/**
 * The safetensors layout: the header's length in 8 bytes, little-endian; the header, a JSON object
 * of tensors with {@code dtype}, {@code shape} and {@code data_offsets}, and of strings as {@code
 * __metadata__}; then the tensors' bytes, one after the other. Two of the strings guard the rest:
 * {@code sha256} that of all bytes after the header, {@code headerSha256} that of the header while
 * its own 64 digits are zeros.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, Format</a>
 */
final class TensorFile {
  static final String DATA_HASH = "sha256";
  static final String HEADER_HASH = "headerSha256";

  private static final String METADATA = "__metadata__";
  private static final String NO_HASH = "0".repeat(64);
  private static final String HASH_FIELD = "\"" + HEADER_HASH + "\":\"";
  private static final int LENGTH_BYTES = Long.BYTES;

  /** What the format's own library accepts at most. */
  private static final long LONGEST_HEADER = 100_000_000;

  private final Path path;

  /** What a file holds. */
  record Content(Map<String, String> metadata, List<Tensor> tensors) {}

  @SuppressWarnings("ArrayRecordComponent") // inside this class, never written to
  private record Slot(String name, boolean wide, int[] shape, long from, long to) {}

  TensorFile(Path path) {
    this.path = path;
  }

  private IllegalArgumentException refuse(String why) {
    return new IllegalArgumentException(path + " " + why);
  }

  /** Writes a file beside and moves it into place, so that no reader ever finds half of it. */
  void write(Map<String, String> metadata, List<Tensor> tensors) {
    checkNoFolder("cannot be written");
    byte[] header = header(metadata, tensors);
    Path target = path.toAbsolutePath();
    Path part =
        target.resolveSibling(
            ".%s.%d-%d.part"
                .formatted(
                    target.getFileName(),
                    ProcessHandle.current().pid(),
                    Thread.currentThread().getId()));
    try {
      try (var channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        writeAll(channel, length.putLong(header.length).flip());
        writeAll(channel, ByteBuffer.wrap(header));
        for (Tensor tensor : tensors) {
          writeAll(channel, ByteBuffer.wrap(tensor.data()));
        }
        channel.force(true);
      }
      move(part, target);
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException(
          path + " cannot be written, its folder does not exist: create it first", e);
    } catch (AccessDeniedException e) {
      throw new UncheckedIOException(
          path + " cannot be written, its folder does not allow it: choose another folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written: " + e, e);
    } finally {
      discard(part);
    }
  }

  private void checkNoFolder(String what) {
    if (Files.isDirectory(path)) {
      throw refuse("%s, it is a folder: name a file in it".formatted(what));
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException leftBehind) {
      part.toFile().deleteOnExit();
    }
  }

  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
    MessageDigest data = Hash.sha256();
    var header = new JsonObject();
    var strings = new JsonObject();
    metadata.forEach(strings::addProperty);
    header.add(METADATA, strings);
    long at = 0;
    for (Tensor tensor : tensors) {
      data.update(tensor.data());
      header.add(tensor.name(), described(tensor, at));
      at += tensor.data().length;
    }
    strings.addProperty(DATA_HASH, HexFormat.of().formatHex(data.digest()));
    strings.addProperty(HEADER_HASH, NO_HASH);
    String text = header.toString();
    // Padded with spaces, so that the numbers begin at a multiple of 8
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    text += " ".repeat(Math.floorMod(-bytes, Long.BYTES));
    String hash = hash(text);
    return text.replace(HASH_FIELD + NO_HASH, HASH_FIELD + hash).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject described(Tensor tensor, long at) {
    var shape = new JsonArray();
    for (int length : tensor.shape()) {
      shape.add(length);
    }
    var offsets = new JsonArray();
    offsets.add(at);
    offsets.add(at + tensor.data().length);
    var described = new JsonObject();
    described.addProperty("dtype", tensor.type());
    described.add("shape", shape);
    described.add("data_offsets", offsets);
    return described;
  }

  private static String hash(String text) {
    return HexFormat.of().formatHex(Hash.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Reads a file of this format and version, and nothing else. */
  Content read(String format, String version) {
    checkNoFolder("cannot be read");
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      byte[] header = readHeader(channel, size);
      String text = new String(header, StandardCharsets.UTF_8);
      JsonObject parsed = parse(text);
      Map<String, String> metadata = metadata(parsed);
      checkFormat(metadata, format, version);
      checkHeader(text, metadata);
      List<Slot> slots = slots(parsed);
      long start = LENGTH_BYTES + (long) header.length;
      checkSlots(slots, size - start);
      return new Content(metadata, readTensors(channel, slots, metadata));
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("there is no file " + path + ": check its folder and name", e);
    } catch (AccessDeniedException e) {
      throw new UncheckedIOException(path + " cannot be read: you have no permission to", e);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read: " + e, e);
    }
  }

  private byte[] readHeader(FileChannel channel, long size) throws IOException {
    if (size < LENGTH_BYTES) {
      throw refuse(
          "is no checkpoint: it has %s, fewer than any: load a file that Checkpoint.save wrote"
              .formatted(Digits.counted(size, "byte")));
    }
    var length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readAll(channel, length);
    long bytes = length.flip().getLong();
    if (bytes < 2 || bytes > LONGEST_HEADER) {
      throw refuse(
          "is no checkpoint: it does not begin with the length of a header: load a file that Checkpoint.save wrote");
    }
    if (bytes > size - LENGTH_BYTES) {
      throw refuse(
          "is no checkpoint or cut short: its header should have %d bytes, the file has %d: fetch or save it again"
              .formatted(bytes, size));
    }
    var header = ByteBuffer.allocate((int) bytes);
    readAll(channel, header);
    return header.array();
  }

  private void readAll(FileChannel channel, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (channel.read(to) < 0) {
        throw refuse("became shorter while it was read: save it again");
      }
    }
  }

  private JsonObject parse(String text) {
    try {
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (RuntimeException e) { // gson has many
      throw new IllegalArgumentException(
          path + " is no checkpoint or damaged: its header cannot be read as JSON", e);
    }
  }

  private Map<String, String> metadata(JsonObject header) {
    var metadata = new LinkedHashMap<String, String>();
    if (header.get(METADATA) instanceof JsonObject strings) {
      for (Map.Entry<String, JsonElement> entry : strings.entrySet()) {
        if (!entry.getValue().isJsonPrimitive()) {
          throw refuse("is no checkpoint or damaged: its metadata are not all strings");
        }
        metadata.put(entry.getKey(), entry.getValue().getAsString());
      }
    }
    return metadata;
  }

  private void checkFormat(Map<String, String> metadata, String format, String version) {
    if (!format.equals(metadata.get("format"))) {
      throw refuse(
          "holds tensors, but is no checkpoint of Weft: load a file that Checkpoint.save wrote");
    }
    if (!version.equals(metadata.get("version"))) {
      throw refuse(
          "is a checkpoint of version %s, but this Weft reads version %s: use the Weft that wrote it"
              .formatted(metadata.get("version"), version));
    }
  }

  private void checkHeader(String text, Map<String, String> metadata) {
    String hash = metadata.getOrDefault(HEADER_HASH, "");
    if (!hash(text.replace(HASH_FIELD + hash, HASH_FIELD + NO_HASH)).equals(hash)) {
      throw damaged("header");
    }
  }

  private IllegalArgumentException damaged(String part) {
    return refuse(
        "is damaged: the checksum of its %s does not agree: fetch it again or use an earlier checkpoint"
            .formatted(part));
  }

  private List<Slot> slots(JsonObject header) {
    var slots = new ArrayList<Slot>();
    try {
      for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
        if (!entry.getKey().equals(METADATA)) {
          slots.add(slot(entry.getKey(), entry.getValue().getAsJsonObject()));
        }
      }
    } catch (RuntimeException e) { // gson has many
      throw new IllegalArgumentException(
          path + " is no checkpoint or damaged: its header does not describe its tensors", e);
    }
    return slots;
  }

  private static Slot slot(String name, JsonObject described) {
    String type = described.get("dtype").getAsString();
    if (!type.equals("F32") && !type.equals("F64")) {
      throw new IllegalArgumentException("dtype " + type);
    }
    JsonArray lengths = described.getAsJsonArray("shape");
    int[] shape = new int[lengths.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = lengths.get(i).getAsInt();
      if (shape[i] < 0) {
        throw new IllegalArgumentException("shape " + lengths);
      }
    }
    JsonArray offsets = described.getAsJsonArray("data_offsets");
    return new Slot(
        name, type.equals("F64"), shape, offsets.get(0).getAsLong(), offsets.get(1).getAsLong());
  }

  /** Tensors lie one after the other, as long as their shapes say, to the end of the file. */
  private void checkSlots(List<Slot> slots, long available) {
    long at = 0;
    for (Slot slot : slots) {
      long bytes;
      try {
        bytes = Math.multiplyExact(Tensor.size(slot.shape()), slot.wide() ? 8L : 4L);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            path + " is no checkpoint or damaged: " + slot.name() + " is too large", e);
      }
      if (slot.from() != at || slot.to() - slot.from() != bytes || bytes > Integer.MAX_VALUE - 8) {
        throw refuse(
            "is no checkpoint or damaged: %s does not lie where its shape says"
                .formatted(slot.name()));
      }
      at = slot.to();
    }
    if (at > available) {
      throw refuse(
          "is cut short: its tensors have %d bytes, of which the file holds %d: fetch or save it again"
              .formatted(at, available));
    }
    if (at < available) {
      throw refuse(
          "is damaged: %d bytes follow its last tensor: fetch or save it again"
              .formatted(available - at));
    }
  }

  private List<Tensor> readTensors(
      FileChannel channel, List<Slot> slots, Map<String, String> metadata) throws IOException {
    MessageDigest data = Hash.sha256();
    var tensors = new ArrayList<Tensor>();
    for (Slot slot : slots) {
      var bytes = ByteBuffer.allocate((int) (slot.to() - slot.from()));
      readAll(channel, bytes);
      data.update(bytes.array());
      tensors.add(new Tensor(slot.name(), slot.shape(), slot.wide(), bytes.array()));
    }
    if (!HexFormat.of().formatHex(data.digest()).equals(metadata.get(DATA_HASH))) {
      throw damaged("numbers");
    }
    return tensors;
  }
}
