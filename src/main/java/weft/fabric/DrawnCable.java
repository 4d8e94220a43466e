package weft.fabric;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.gib;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mbps;
import static weft.units.Units.mib;
import static weft.units.Units.ms;
import static weft.units.Units.ns;
import static weft.units.Units.ps;
import static weft.units.Units.tbps;
import static weft.units.Units.us;

import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * What is written on a drawn cable: {@code 100G 1us}, {@code 2x400G 20m}, {@code 100G 1us mark
 * 100KiB-400KiB pause 50p-48p queue 200p}.
 *
 * @param parallel how many cables
 */
record DrawnCable(int parallel, Rate rate, Time delay, PortLimits limits) {
  static final DrawnCable USUAL = new DrawnCable(1, gbps(400), ns(100), PortLimits.NONE);
  static final DrawnCable NVLINK = new DrawnCable(1, gbps(3600), ns(100), PortLimits.NONE);

  private static final double NS_PER_METRE = 5;
  private static final Pattern QUANTITY = Pattern.compile("([0-9]*\\.?[0-9]+)([A-Za-z/]*)");
  private static final Pattern PARALLEL = Pattern.compile("(\\d{1,4})x(.+)");
  private static final Map<String, DoubleFunction<Rate>> RATES =
      Map.of(
          "M",
          v -> mbps(v),
          "G",
          v -> gbps(v),
          "T",
          v -> tbps(v),
          "Mbps",
          v -> mbps(v),
          "Gbps",
          v -> gbps(v),
          "Tbps",
          v -> tbps(v),
          "Mb/s",
          v -> mbps(v),
          "Gb/s",
          v -> gbps(v),
          "Tb/s",
          v -> tbps(v));
  private static final Map<String, DoubleFunction<Time>> TIMES =
      Map.of(
          "ps",
          v -> ps(v),
          "ns",
          v -> ns(v),
          "us",
          v -> us(v),
          "ms",
          v -> ms(v),
          "m",
          v -> ns(v * NS_PER_METRE),
          "km",
          v -> us(v * NS_PER_METRE));
  private static final Map<String, DoubleFunction<DataSize>> SIZES =
      Map.of(
          "B",
          v -> bytes(v),
          "KB",
          v -> kb(v),
          "kB",
          v -> kb(v),
          "MB",
          v -> mb(v),
          "KiB",
          v -> kib(v),
          "MiB",
          v -> mib(v),
          "GiB",
          v -> gib(v));

  /** What is written, and where it says nothing, what is usual. */
  static DrawnCable read(String text, DrawnCable usual) {
    String[] words = text.strip().split("[\\s,]+", -1);
    DrawnCable cable = usual;
    for (int i = 0; i < words.length; i++) {
      if (words[i].matches("mark|pause|queue")) {
        if (i + 1 == words.length) {
          throw new IllegalArgumentException(
              "%s needs a length: write for example %s 100KiB-400KiB"
                  .formatted(words[i], words[i]));
        }
        cable = cable.limited(words[i], words[++i]);
      } else {
        cable = cable.with(words[i]);
      }
    }
    return cable;
  }

  private DrawnCable with(String word) {
    Matcher several = PARALLEL.matcher(word);
    if (several.matches()) {
      int count = Integer.parseInt(several.group(1));
      return new DrawnCable(Math.max(1, count), rate, delay, limits).with(several.group(2));
    }
    Matcher quantity = QUANTITY.matcher(word);
    String unit = quantity.matches() ? quantity.group(2) : "";
    if (RATES.containsKey(unit)) {
      return new DrawnCable(parallel, value(word, RATES, "rate", "100G"), delay, limits);
    }
    if (TIMES.containsKey(unit)) {
      return new DrawnCable(parallel, rate, time(word), limits);
    }
    throw new IllegalArgumentException(
        "a cable has a rate (100G, 1.6T, 2x400G), a delay (1us, 500ns) or length (20m), and thresholds (mark, pause, queue), but \"%s\" was read: write for example --100G 1us--"
            .formatted(word));
  }

  private DrawnCable limited(String what, String range) {
    String[] ends = range.split("-", 2);
    QueueLength low = length(ends[0]);
    QueueLength high = ends.length > 1 ? length(ends[1]) : low;
    PortLimits changed =
        switch (what) {
          case "mark" -> limits.marking(low, high);
          case "pause" -> limits.pausing(low, high);
          default -> limits.queue(low);
        };
    return new DrawnCable(parallel, rate, delay, changed);
  }

  private static QueueLength length(String word) {
    if (word.matches("\\d{1,9}p")) {
      return QueueLength.packets(Long.parseLong(word.substring(0, word.length() - 1)));
    }
    return QueueLength.of(value(word, SIZES, "length of a queue", "100KiB or 20p"));
  }

  static Time time(String word) {
    return value(word.strip(), TIMES, "time", "500ns");
  }

  static DataSize size(String word) {
    return value(word.strip(), SIZES, "size", "32MiB");
  }

  static int number(String word) {
    if (!word.matches("\\d{1,6}")) {
      throw new IllegalArgumentException(
          "a whole number is needed, but \"%s\" was read: write for example 2".formatted(word));
    }
    return Integer.parseInt(word);
  }

  private static <T> T value(
      String word, Map<String, DoubleFunction<T>> units, String what, String example) {
    Matcher quantity = QUANTITY.matcher(word);
    DoubleFunction<T> of = quantity.matches() ? units.get(quantity.group(2)) : null;
    if (of == null) {
      throw new IllegalArgumentException(
          "a %s is a number with its unit, such as %s, but \"%s\" was read: correct it"
              .formatted(what, example, word));
    }
    return of.apply(Double.parseDouble(quantity.group(1)));
  }
}
