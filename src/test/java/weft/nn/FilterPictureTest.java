package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import weft.report.Picture;

/** What the first layer looks for, as images. */
class FilterPictureTest {
  private static final Network TWO =
      Network.inputs(4)
          .dense(2, relu())
          .weights(1, 0, -0.5, 0.25, 0, 0, 0, -1)
          .loss(squaredError());

  private static int count(Picture picture, String text) {
    return picture.svg().split(text, -1).length - 1;
  }

  @Test
  void oneScaleOfBlueAndOrangeHoldsForAllNeurons() throws Exception {
    var picture = TWO.filters();
    var svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(picture.svg())));
    assertEquals(1 + 8 + 3, svg.getElementsByTagName("rect").getLength());
    assertEquals(2, count(picture, "rgb\\(0,99,160\\)"), "1 and the legend");
    assertEquals(2, count(picture, "rgb\\(194,78,0\\)"), "-1 and the legend");
    assertEquals(4 + 1, count(picture, "rgb\\(255,255,255\\)"), "each 0 and the legend");
    assertEquals(1, count(picture, "rgb\\(225,167,128\\)"), "-0.5 is half the way to -1");
    assertEquals(
        "weights of neurons 0, 1 of dense(2, relu()) as images, from -1 to 1", picture.alt());
  }

  @Test
  void someNeuronsMayBeChosen() {
    var picture = TWO.filters(1);
    assertTrue(picture.svg().contains(">neuron 1<"));
    assertEquals("weights of neuron 1 of dense(2, relu()) as images, from -1 to 1", picture.alt());
    assertEquals("neuron 2 does not exist: give one from 0 to 1", Refusal.of(() -> TWO.filters(2)));
  }

  @Test
  void aLargeLayerShowsItsFirstNeurons() {
    var net = Network.inputs(64).dense(128, relu()).dense(10, softmax()).loss(crossEntropy());
    assertEquals(28, count(net.filters(), ">neuron "));
  }

  @Test
  void kernelsAreDrawnAndLayersWithoutWeightsPassedOver() {
    var images = Network.images(1, 8, 8);
    var kernels =
        images.conv2d(3, 3, relu()).flatten().dense(10, softmax()).init(he(1)).loss(crossEntropy());
    assertEquals(3, count(kernels.filters(), ">kernel "));
    var flat = images.flatten().dense(4, softmax()).init(he(1)).loss(crossEntropy());
    assertEquals(4, count(flat.filters(), ">neuron "));
  }

  @Test
  void weightsThatSeeNoImageAreRefused() {
    var measured = Network.inputs(5).dense(2, softmax()).loss(crossEntropy());
    String refusal = Refusal.of(measured::filters);
    assertTrue(refusal.startsWith("filters() draws weights that look at a square image"), refusal);
    assertTrue(refusal.contains("dense(2, softmax())"), refusal);
    var colour = Network.images(4, 8, 8).conv2d(2, 3, relu()).flatten().dense(2, softmax());
    assertTrue(Refusal.of(() -> colour.loss(crossEntropy()).filters()).contains("square image"));
  }
}
