package weft.fabric;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weft.units.Check;

/** Reads a fabric drawn as text; the forms are those of {@link Fabric#drawn}. */
final class Drawing {
  private static final Pattern CABLE = Pattern.compile("\\s*(?:---|--([^-].*?)--)\\s*");

  private final Sketchbook book = new Sketchbook();
  private DrawnCable usual = DrawnCable.USUAL;

  private Drawing() {}

  static Fabric read(String name, String text) {
    Check.notNull("a drawing", text, "write for example \"a --100G 1us-- s\"");
    var drawing = new Drawing();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceAll("#.*", "").strip();
      try {
        if (!line.isEmpty()) {
          drawing.readLine(line);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "line %d of the drawing, \"%s\": %s".formatted(i + 1, line, e.getMessage()), e);
      }
    }
    return drawing.book.fabric(name);
  }

  private void readLine(String line) {
    String[] words = line.split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    boolean isCable = CABLE.matcher(line).find();
    if (isCable) {
      readCables(line);
      return;
    }
    switch (words[0]) {
      case "default" -> usual = DrawnCable.read(rest, usual);
      case "gpu" -> DrawnNames.read(rest).forEach(book::gpu);
      case "server" -> readServer(rest);
      case "switch" -> readSwitch(rest);
      case "buffer" -> book.hardware = book.hardware.withBuffer(DrawnCable.size(rest));
      case "cell" -> book.hardware = book.hardware.withCell(DrawnCable.size(rest));
      case "latency" -> book.hardware = book.hardware.withLatency(DrawnCable.time(rest));
      case "cut-through" -> book.hardware = book.hardware.with(Forwarding.CUT_THROUGH);
      default ->
          throw new IllegalArgumentException(
              "a line is a cable, such as a --100G 1us-- s, or begins with default, gpu, server, switch, buffer, cell, latency or cut-through: write one of those");
    }
  }

  /** {@code a --100G-- s --400G-- b}: each part of the chain is cabled to the next. */
  private void readCables(String line) {
    Matcher cable = CABLE.matcher(line);
    List<String> from = List.of();
    DrawnCable drawn = usual;
    int end = 0;
    while (cable.find()) {
      List<String> to = DrawnNames.read(line.substring(end, cable.start()));
      join(from, to, drawn);
      from = to;
      drawn = cable.group(1) == null ? usual : DrawnCable.read(cable.group(1), usual);
      end = cable.end();
    }
    join(from, DrawnNames.read(line.substring(end)), drawn);
  }

  private void join(List<String> from, List<String> to, DrawnCable cable) {
    for (String a : from) {
      for (String b : to) {
        for (int i = 0; i < cable.parallel(); i++) {
          book.cable(a, b, cable);
        }
      }
    }
  }

  /** {@code server gpu[0-7] 3600G}: GPUs on one NVSwitch. */
  private void readServer(String rest) {
    var names = new ArrayList<String>();
    DrawnCable nvlink = DrawnCable.NVLINK;
    for (String word : rest.split("\\s+", -1)) {
      if (word.matches("[0-9.]+[GT].*")) {
        nvlink = DrawnCable.read(word, nvlink);
      } else {
        names.addAll(DrawnNames.read(word));
      }
    }
    book.server(names, nvlink);
  }

  /** {@code switch core[0-3] tier 3 buffer 32MiB latency 300ns}. */
  private void readSwitch(String rest) {
    String[] words = rest.split("\\s+", -1);
    List<String> names = DrawnNames.read(words[0]);
    names.forEach(book::declareSwitch);
    for (int i = 1; i + 1 < words.length; i += 2) {
      String value = words[i + 1];
      String property = words[i];
      for (String name : names) {
        switch (property) {
          case "tier" -> book.tier(name, DrawnCable.number(value));
          case "buffer" -> book.buffers.put(name, DrawnCable.size(value));
          case "latency" -> book.latencies.put(name, DrawnCable.time(value));
          default ->
              throw new IllegalArgumentException(
                  "a switch has tier, buffer and latency, but %s was read: write for example switch %s tier 2 buffer 32MiB"
                      .formatted(property, names.get(0)));
        }
      }
    }
    if (words.length % 2 == 0) {
      throw new IllegalArgumentException(
          "%s needs a value: write for example switch %s tier 2 buffer 32MiB"
              .formatted(words[words.length - 1], names.get(0)));
    }
  }
}
