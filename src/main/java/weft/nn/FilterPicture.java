package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import weft.report.Digits;
import weft.report.Picture;
import weft.units.Check;

/**
 * The weights of the first layer that has any, as images: blue above 0, white at 0, orange below,
 * one scale for all images.
 */
final class FilterPicture {
  /** So many are drawn of a layer without being asked for. */
  private static final int MOST = 28;

  private static final int[] POSITIVE = {0x00, 0x63, 0xa0};
  private static final int[] NEGATIVE = {0xc2, 0x4e, 0x00};

  private final Network network;
  private final Layer layer;
  private final String unit;
  private final int count;
  private final int size;
  private final int side;

  private FilterPicture(Network network, Layer layer, String unit, int count, int size) {
    this.network = network;
    this.layer = layer;
    this.unit = unit;
    this.count = count;
    this.size = size;
    side = (int) Math.round(Math.sqrt(size));
  }

  static Picture of(Network network, int[] asked) {
    Check.notNull("numbers of neurons", asked, "write filters() or for example filters(0, 1, 2)");
    FilterPicture picture = of(network);
    int[] drawn =
        asked.length > 0 ? asked : IntStream.range(0, Math.min(MOST, picture.count)).toArray();
    for (int number : drawn) {
      Check.index(picture.unit, number, picture.count);
    }
    return picture.draw(drawn);
  }

  private static FilterPicture of(Network network) {
    Layer first = network.layers().get(0);
    for (Layer layer : network.layers()) {
      first = layer;
      if (layer.parameters() > 0) {
        break;
      }
    }
    var picture =
        first instanceof Conv2d conv && conv.in().dimension(0) == 1
            ? new FilterPicture(network, first, "kernel", conv.channels(), conv.inputs())
            : first instanceof Dense dense
                ? new FilterPicture(network, first, "neuron", dense.neurons(), dense.inputs())
                : new FilterPicture(network, first, "neuron", 0, 0);
    if (picture.count == 0 || picture.side < 2 || picture.side * picture.side != picture.size) {
      throw new IllegalArgumentException(
          "filters() draws weights that look at a square image, but %s looks at %s: read parameter(name) or table()"
              .formatted(first.name(), first.in()));
    }
    return picture;
  }

  private double weight(int number, int index) {
    return network.values()[number * size + index];
  }

  private Picture draw(int[] numbers) {
    double largest = 0;
    for (int number : numbers) {
      for (int i = 0; i < size; i++) {
        largest = Math.max(largest, Math.abs(weight(number, i)));
      }
    }
    double scale = largest;
    var sheet = new ImageSheet(numbers.length);
    for (int number : numbers) {
      sheet.add(side, i -> tint(weight(number, i), scale), unit + " " + number);
    }
    String range = Digits.of(scale, 2);
    sheet.legend(tint(-scale, scale), "-" + range);
    sheet.legend(tint(0, scale), "0");
    sheet.legend(tint(scale, scale), range);
    return sheet.finish(
        "weights of %s of %s as images, from -%s to %s"
            .formatted(named(numbers), layer.name(), range, range));
  }

  private String named(int[] numbers) {
    List<String> texts = Arrays.stream(numbers).mapToObj(String::valueOf).toList();
    return unit + (numbers.length == 1 ? " " : "s ") + String.join(", ", texts);
  }

  private static String tint(double weight, double largest) {
    double ink = largest == 0 ? 0 : Math.abs(weight) / largest;
    int[] full = weight < 0 ? NEGATIVE : POSITIVE;
    return "rgb(%d,%d,%d)".formatted(mix(full[0], ink), mix(full[1], ink), mix(full[2], ink));
  }

  private static int mix(int full, double ink) {
    return (int) Math.round(255 + ink * (full - 255));
  }
}
