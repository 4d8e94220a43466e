package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.FastMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts as tokens, and networks that learn to continue them. */
class TextTest {
  @Test
  void persuasionComesWithWeft() {
    var text = Datasets.persuasion();
    assertEquals(466_853, text.length());
    assertEquals(75, text.vocabulary());
    assertTrue(text.alphabet().startsWith("\n !\"&'(),-.0123456789:;?ABC"));
    assertEquals("Sir Walter Elliot", text.decode(text.encode("Sir Walter Elliot")));
  }

  @Test
  void theClassOfAPositionIsTheNextCharacter() {
    var text = Text.of("t", "Given.", "abcabcab");
    var data = text.sequences(3);
    assertEquals(2, data.size());
    assertEquals(3, data.positions());
    assertArrayEquals(new double[] {0, 1, 2}, data.inputs(1));
    assertEquals(1, data.label(1, 0));
    assertEquals(0, data.label(1, 2));
    assertEquals("bca", data.table().stringColumn("class").get(1));
    assertEquals(1, data.rows(1).label(0, 0));
    assertEquals(
        "each of the 3 positions of a row of t has a class: ask for label(row, position)",
        Refusal.of(IllegalStateException.class, () -> data.label(0)));
  }

  @Test
  void readsTheReadersOwnFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("own.txt"), "añb\r\nb😀a");
    var text = Datasets.text(file);
    assertEquals("\nabñ😀", text.alphabet());
    assertEquals("😀a", text.decode(4, 1));
    assertEquals(
        "the character 'x' does not occur in own.txt, so it has no token: use characters of alphabet()",
        Refusal.of(() -> text.encode("x")));
    assertEquals(
        "sequences of own.txt have from 1 to 6 characters, got 7: write for example sequences(128)",
        Refusal.of(() -> text.sequences(7)));
  }

  private static Network transformer(int vocabulary) {
    return Network.tokens(vocabulary, 32)
        .embedding(32)
        .positions()
        .residual(b -> b.layerNorm().causalAttention(4))
        .residual(b -> b.layerNorm().dense(64, gelu()).dense(32, identity()))
        .layerNorm()
        .dense(vocabulary, softmax())
        .loss(crossEntropy());
  }

  private static Network trained(Network net, Dataset data, int batch, int steps, double rate) {
    var replica = Replica.of(net, sgd(rate).momentum(0.9));
    int[] rows = IntStream.range(0, data.size()).toArray();
    for (int i = 0; i < steps; i++) {
      int from = i * batch % (rows.length - batch);
      replica.backward(data, rows, from, from + batch, batch);
      replica.step();
    }
    return replica.network();
  }

  /** Entropy of single characters, the least loss of a network that looks at no other. */
  private static double entropy(Text text) {
    int[] counts = new int[text.vocabulary()];
    var data = text.sequences(1);
    for (int i = 0; i < data.size(); i++) {
      counts[data.label(i, 0)]++;
    }
    double entropy = 0;
    for (int count : counts) {
      double share = count / (double) data.size();
      entropy -= count == 0 ? 0 : share * FastMath.log(share);
    }
    return entropy;
  }

  @Test
  void aSmallTransformerLearnsMoreThanHowFrequentCharactersAre() {
    var text = Datasets.persuasion();
    var data = text.sequences(32);
    var net = trained(transformer(text.vocabulary()), data, 32, 300, 0.1);
    double loss = net.loss(data.rows(IntStream.range(14_000, 14_300).toArray()));
    double entropy = entropy(text);
    assertEquals(3.07, entropy, 0.01);
    assertTrue(loss < entropy - 0.45, "loss " + loss + ", entropy " + entropy);
  }

  @Test
  void continuesWhatItHasLearned() {
    var text = Text.of("t", "", "the cat sat on my mat. ".repeat(200));
    var net = trained(transformer(text.vocabulary()), text.sequences(32), 16, 250, 0.1);

    String continued = text.continued(net, "the cat", 40, 1, 0.2);

    assertEquals("the cat sat on my mat. the cat sat on my mat. t", continued);
    assertEquals(continued, text.continued(net, "the cat", 40, 1, 0.2));
    assertEquals("the", text.continued(net, "the", 0, 1));
    assertTrue(net.accuracy(text.sequences(32)) > 0.9);
  }

  @Test
  void saysWhatANetworkThatWritesIsLike() {
    var text = Text.of("t", "", "abcabc");
    var net = transformer(4);
    String message = Refusal.of(() -> text.continued(net, "a", 1, 1));
    assertTrue(
        message.startsWith(
            "a network that continues t takes tokens below 3 and predicts one at every step, got tokens(4, 32)"),
        message);
    assertTrue(message.endsWith("end in dense(3, softmax())"), message);
    assertTrue(
        Refusal.of(() -> text.continued(transformer(3), "", 1, 1))
            .startsWith("continued(...) takes at least 1 character to begin with"));
  }
}
