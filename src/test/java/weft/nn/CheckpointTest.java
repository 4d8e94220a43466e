package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.cosine;
import static weft.nn.Schedules.warmUp;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training goes on from a file as if it had never stopped. */
class CheckpointTest {
  private static final Dataset DATA = Datasets.digits().train();
  private static final int[] ROWS = IntStream.range(0, 512).map(i -> i * 7).toArray();

  @TempDir Path folder;

  private static Network net(Precision precision) {
    return Network.inputs(64)
        .dense(16, tanh())
        .dense(12, relu())
        .dense(10, softmax())
        .init(he(1))
        .precision(precision)
        .loss(crossEntropy());
  }

  private static void train(Replica replica, int from, int to) {
    for (int step = from; step < to; step++) {
      replica.backward(DATA, ROWS, step * 20, step * 20 + 64, 64);
      replica.step();
    }
  }

  static Stream<Arguments> optimizersAndPrecisions() {
    return Stream.of(
            sgd(0.1),
            sgd(0.1).momentum(0.9).nesterov().weightDecay(1e-3),
            adam(0.01),
            adamW(0.01),
            lamb(0.01))
        .map(o -> o.clipNorm(1).schedule(warmUp(5).then(cosine(30))))
        .flatMap(o -> Stream.of(Precision.values()).map(p -> Arguments.of(o, p)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("optimizersAndPrecisions")
  void tenStepsAndTenFromAFileAreTwenty(Optimizer optimizer, Precision precision) {
    var whole = Replica.of(net(precision), optimizer);
    train(whole, 0, 20);
    var half = Replica.of(net(precision), optimizer);
    train(half, 0, 10);
    Path file = folder.resolve("half.safetensors");
    half.checkpoint().save(file);
    var again = Replica.of(net(precision), optimizer, Checkpoint.load(file));
    assertTrue(again.sameParameters(half));
    assertEquals(10, again.steps());
    assertEquals(half.rate(), again.rate());
    train(again, 10, 20);
    assertTrue(again.sameParameters(whole));
    assertEquals(whole.lossScale(), again.lossScale());
    assertArrayEquals(
        whole.checkpoint().metadata().values().toArray(),
        again.checkpoint().metadata().values().toArray());
  }

  private Path saved() {
    var replica = Replica.of(net(Precision.FLOAT32), adam(0.01));
    train(replica, 0, 3);
    Path file = folder.resolve("digits.safetensors");
    replica.checkpoint().with("epoch", "3").with("note", "\"a<b\" ∂L").save(file);
    return file;
  }

  @Test
  void theFileIsSafetensors() throws IOException {
    Path file = saved();
    byte[] bytes = Files.readAllBytes(file);
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong();
    assertEquals(0, length % 8);
    JsonObject header =
        JsonParser.parseString(new String(bytes, 8, length, StandardCharsets.UTF_8))
            .getAsJsonObject();
    assertEquals(1 + 3 * 6, header.size());
    JsonObject weights = header.getAsJsonObject("layer2.weights");
    assertEquals("F32", weights.get("dtype").getAsString());
    assertEquals("[12,16]", weights.get("shape").toString());
    int at = 8 + length + weights.getAsJsonArray("data_offsets").get(0).getAsInt();
    var loaded = net(Precision.FLOAT32).with(Checkpoint.load(file));
    assertEquals((float) loaded.values()[64 * 16 + 16], buffer.getFloat(at));
    JsonObject metadata = header.getAsJsonObject("__metadata__");
    assertEquals("weft-checkpoint", metadata.get("format").getAsString());
    assertEquals("adam(0.01)", metadata.get("optimizer").getAsString());
    assertEquals(List.of(file), list());
  }

  private List<Path> list() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void whatACallerAddsComesBack() {
    var loaded = Checkpoint.load(saved());
    assertEquals(Optional.of("3"), loaded.value("epoch"));
    assertEquals(Optional.of("\"a<b\" ∂L"), loaded.value("note"));
    assertEquals(Optional.empty(), loaded.value("step"));
    assertEquals(3, loaded.step());
    assertEquals(
        "checkpoint of inputs(64).dense(16, tanh()).dense(12, relu()).dense(10,"
            + " softmax()).loss(crossEntropy()), float32, with adam(0.01) after step 3: 18 tensors,"
            + " 16488 bytes",
        loaded.toString());
    assertEquals(
        "64 x 16", loaded.table().stringColumn("shape").get(0).replace("16 x 64", "64 x 16"));
    assertEquals(18, loaded.table().rowCount());
    assertEquals(
        "a checkpoint writes step itself: choose another key, as with(\"epoch\", \"3\")",
        Refusal.of(() -> loaded.with("step", "4")));
  }

  @Test
  void parametersAloneMoveToAnotherPrecisionAndOptimiser() {
    var loaded = Checkpoint.load(saved());
    var wide = net(Precision.FLOAT64).with(loaded);
    assertArrayEquals(net(Precision.FLOAT32).with(loaded).values(), wide.values());
    assertEquals(net(Precision.FLOAT32).with(loaded).accuracy(DATA), wide.accuracy(DATA), 0.005);
  }

  @Test
  void anotherNetworkOrOptimiserIsRefused() {
    Path file = saved();
    var loaded = Checkpoint.load(file);
    assertEquals(
        file
            + " was written with the optimiser adam(0.01), but is to go on with adam(0.02): give the"
            + " same optimiser, or begin anew from its parameters by network.with(checkpoint)",
        Refusal.of(() -> Replica.of(net(Precision.FLOAT32), adam(0.02), loaded)));
    assertEquals(
        file
            + " was written with the precision float32, but is to go on with float64: write"
            + " precision(...) as it was",
        Refusal.of(() -> Replica.of(net(Precision.FLOAT64), adam(0.01), loaded)));
    var other = Network.inputs(64).dense(10, softmax()).loss(crossEntropy());
    assertEquals(
        file
            + " holds the parameters of inputs(64).dense(16, tanh()).dense(12, relu()).dense(10,"
            + " softmax()), but the network is inputs(64).dense(10, softmax()): describe the same"
            + " layers",
        Refusal.of(() -> other.with(loaded)));
    assertTrue(
        Refusal.of(() -> Replica.of(other, adam(0.01), loaded)).contains("the network inputs(64)"));
  }

  private String refusal(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    String message = Refusal.of(() -> Checkpoint.load(file));
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length() + 1);
  }

  @Test
  void everyDamagedByteIsNoticed() throws IOException {
    Path file = saved();
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i += i < 4000 ? 7 : 501) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      String message = refusal(file, damaged);
      assertTrue(
          message.contains("damaged")
              || message.startsWith("is no checkpoint")
              || message.startsWith("holds tensors")
              || message.startsWith("is a checkpoint of version"),
          message);
    }
    byte[] number = bytes.clone();
    number[number.length - 2] ^= 1;
    assertEquals(
        "is damaged: the checksum of its numbers does not agree: fetch it again or use an earlier"
            + " checkpoint",
        refusal(file, number));
  }

  @Test
  void aFileThatIsCutShortIsRefusedWhereverItEnds() throws IOException {
    Path file = saved();
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length += length < 20 ? 1 : 997) {
      String message = refusal(file, Arrays.copyOf(bytes, length));
      assertTrue(
          message.startsWith("is no checkpoint") || message.startsWith("is cut short"), message);
    }
    assertEquals(
        "is cut short: its tensors have 16488 bytes, of which the file holds 16487: fetch or save it"
            + " again",
        refusal(file, Arrays.copyOf(bytes, bytes.length - 1)));
    assertEquals(
        "is damaged: 3 bytes follow its last tensor: fetch or save it again",
        refusal(file, Arrays.copyOf(bytes, bytes.length + 3)));
  }

  private static byte[] file(long length, String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    var buffer = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
    return buffer.putLong(length).put(text).array();
  }

  @Test
  void otherFilesAreRefusedWithoutBelievingTheirSizes() throws IOException {
    Path file = folder.resolve("other");
    String none =
        "is no checkpoint: it does not begin with the length of a header: load a file that"
            + " Checkpoint.save wrote";
    for (long length : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001}) {
      assertEquals(none, refusal(file, file(length, "{}", 0)));
    }
    assertEquals(none, refusal(file, "label,x,y\na,1,2\n".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        "is no checkpoint or cut short: its header should have 99999999 bytes, the file has 10:"
            + " fetch or save it again",
        refusal(file, file(99_999_999, "{}", 0)));
    String unreadable = "is no checkpoint or damaged: its header cannot be read as JSON";
    for (String header : new String[] {"[]", "{]", "\"\"", "[".repeat(50_000)}) {
      assertEquals(unreadable, refusal(file, file(header.length(), header, 0)));
    }
    String foreign = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    assertEquals(
        "holds tensors, but is no checkpoint of Weft: load a file that Checkpoint.save wrote",
        refusal(file, file(foreign.length(), foreign, 8)));
    String newer = "{\"__metadata__\":{\"format\":\"weft-checkpoint\",\"version\":\"2\"}}";
    assertEquals(
        "is a checkpoint of version 2, but this Weft reads version 1: use the Weft that wrote it",
        refusal(file, file(newer.length(), newer, 0)));
    String bad = "{\"__metadata__\":{\"format\":[1]}}";
    assertEquals(
        "is no checkpoint or damaged: its metadata are not all strings",
        refusal(file, file(bad.length(), bad, 0)));
  }

  @Test
  void aMissingFileOrFolderIsNamed() {
    Path missing = folder.resolve("none/digits");
    assertEquals(
        "there is no file " + missing + ": check its folder and name",
        Refusal.of(UncheckedIOException.class, () -> Checkpoint.load(missing)));
    var checkpoint = Replica.of(net(Precision.FLOAT32), adam(0.01)).checkpoint();
    assertEquals(
        missing + " cannot be written, its folder does not exist: create it first",
        Refusal.of(UncheckedIOException.class, () -> checkpoint.save(missing)));
  }
}
