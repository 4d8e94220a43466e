package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import weft.report.Picture;

/** Pictures are SVG that every front end can parse, with the numbers of the pass on them. */
class NetworkPictureTest {
  private final Network hand =
      Network.inputs(2)
          .dense(2, relu())
          .weights(0.5, 0.5, 1.0, 1.0)
          .biases(0.0, 0.5)
          .dense(1, relu())
          .weights(1.0, 1.0)
          .biases(0.5)
          .loss(squaredError());

  @Test
  void theHandExampleShowsEveryWeightActivationAndGradient() throws Exception {
    var texts = texts(hand.forward(1, 0).target(2).backward().picture());
    for (String expected :
        List.of("W31 = 0.5", "W54 = 1", "dL/dW = 1.5", "b4 = 0.5", "Z5 = 2.5", "Y5 = 2")) {
      assertTrue(texts.contains(expected), expected + " in " + texts);
    }
    assertEquals(6, texts.stream().filter(text -> text.startsWith("W")).count());
  }

  @Test
  void wideLayersAreShortened() throws Exception {
    var digits = Network.inputs(64).dense(128, tanh()).dense(10, softmax()).loss(crossEntropy());
    double[] sample = IntStream.range(0, 64).mapToDouble(i -> i / 64.0).toArray();
    var texts = texts(digits.forward(sample).target(3).backward().picture());
    assertTrue(texts.contains("124 more ..."), texts::toString);
  }

  @Test
  void aPictureStaysWithinItsCardAndSaysWhatItShows() throws Exception {
    for (Picture picture : List.of(hand.picture(), hand.forward(1, 0).picture())) {
      Element root = parse(picture).getDocumentElement();
      double width = Double.parseDouble(root.getAttribute("width"));
      var texts = root.getElementsByTagName("text");
      for (int i = 0; i < texts.getLength(); i++) {
        var text = (Element) texts.item(i);
        double x = Double.parseDouble(text.getAttribute("x"));
        double half = text.getTextContent().length() * 3.5;
        assertTrue(x - half > 0 && x + half < width, text.getTextContent());
      }
      assertTrue(picture.alt().contains("dense(2, relu())"), picture.alt());
    }
  }

  @Test
  void layersOtherThanDenseOnesAreDrawnAsBlocks() throws Exception {
    var net = DerivationTest.halved();
    var texts = texts(net.picture());
    for (String expected :
        List.of("inputs", "1 x 2 x 2", "halve()", "no parameters", "dense(1, identity())")) {
      assertTrue(texts.contains(expected), expected + " in " + texts);
    }
    assertTrue(texts.contains("5 parameters"), texts::toString);
    var pass = texts(net.forward(1, 2, 3, 4).target(1).backward().picture());
    assertTrue(pass.contains("values 0.5 to 2"), pass::toString);
    assertTrue(pass.contains("gradients 8 to 8"), pass::toString);
    assertTrue(pass.contains("1 number"), pass::toString);
  }

  @Test
  void theLegendShowsColoursAndWidths() throws Exception {
    assertTrue(
        texts(hand.picture())
            .containsAll(
                List.of("above 0", "below 0", "0", "weight near 0", "largest of its layer")));
  }

  private static List<String> texts(Picture picture) throws Exception {
    var nodes = parse(picture).getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static Document parse(Picture picture) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(picture.svg())));
  }

  @Test
  void longNamesOfLayersBreakBetweenCallsAndManyParametersAreGrouped() throws Exception {
    var net =
        Network.tokens(96, 128)
            .embedding(128)
            .residual(b -> b.layerNorm().causalAttention(4))
            .dense(96, softmax())
            .loss(crossEntropy());
    var texts = texts(net.picture());
    for (String expected :
        List.of(
            "Network with 90,976 parameters",
            "residual(b ->",
            "b.layerNorm()",
            ".causalAttention(4))")) {
      assertTrue(texts.contains(expected), expected + " in " + texts);
    }
  }
}
