package weft.fabric;

import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import java.io.StringReader;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * Reads GraphML: what {@link GraphMlWriter} writes, and files of others as far as they name the
 * rate of edges like the Internet Topology Zoo ({@code LinkSpeedRaw}, bit/s). What a file does not
 * say is guessed as for drawings.
 */
final class GraphMlReader {
  private final XMLStreamReader xml;
  private final Sketchbook book = new Sketchbook();
  private final Map<String, String> keys = new HashMap<>(); // attribute name by key id
  private String at = "";

  private GraphMlReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  static Fabric read(String name, String text) {
    Check.notNull("a GraphML file", text, "read it by Files.readString(path)");
    var factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      var reader = new GraphMlReader(factory.createXMLStreamReader(new StringReader(text)));
      try {
        reader.readAll();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "line %d of the GraphML file%s: %s"
                .formatted(reader.xml.getLocation().getLineNumber(), reader.at, e.getMessage()),
            e);
      }
      return reader.book.fabric(name);
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException(
          "line %d of the GraphML file is not XML: correct it (%s)"
              .formatted(
                  e.getLocation() == null ? 1 : e.getLocation().getLineNumber(), e.getMessage()),
          e);
    }
  }

  private void readAll() throws XMLStreamException {
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "key" -> keys.put(attribute("id"), attribute("attr.name"));
          case "data" -> readGraph();
          case "node" -> readNode();
          case "edge" -> readEdge();
          default -> {}
        }
      }
    }
  }

  private String attribute(String name) {
    String value = xml.getAttributeValue(null, name);
    if (value == null) {
      throw new IllegalArgumentException(
          "the element %s needs %s: add it".formatted(xml.getLocalName(), name));
    }
    return value;
  }

  /** What is said of the graph as a whole; nodes and edges read their own. */
  private void readGraph() throws XMLStreamException {
    String key = attribute("key");
    String value = xml.getElementText().strip();
    switch (keys.getOrDefault(key, key)) {
      case "forwarding" -> book.hardware = book.hardware.with(forwarding(value));
      case "cell_bytes" -> {
        var cell = new DataSize(number(Map.of("cell_bytes", value), "cell_bytes"));
        book.hardware = book.hardware.withCell(cell);
      }
      default -> {}
    }
  }

  private static Forwarding forwarding(String value) {
    for (Forwarding each : Forwarding.values()) {
      if (each.name().equals(value)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "forwarding is STORE_AND_FORWARD or CUT_THROUGH, but was %s: correct it".formatted(value));
  }

  private void readNode() throws XMLStreamException {
    String name = attribute("id");
    at = ", node " + name;
    int unused = book.number(name);
    Map<String, String> data = data("node");
    String role = data.getOrDefault("role", "").toUpperCase(Locale.ROOT);
    switch (role) {
      case "" -> {}
      case "GPU", "HOST" -> book.gpu(name);
      case "SWITCH", "NVSWITCH", "NIC", "STORAGE" -> book.role(name, Node.Role.valueOf(role));
      default ->
          throw new IllegalArgumentException(
              "a role is GPU, NVSWITCH, NIC, SWITCH or STORAGE, but was %s: correct it"
                  .formatted(role));
    }
    if (data.containsKey("tier") && role.equals("SWITCH")) {
      book.tier(name, (int) number(data, "tier"));
    }
    if (data.containsKey("server")) {
      book.server(name, (int) number(data, "server"));
    }
    if (data.containsKey("buffer_bytes")) {
      book.buffers.put(name, new DataSize(number(data, "buffer_bytes")));
    }
    if (data.containsKey("latency_ps")) {
      book.latencies.put(name, new Time(number(data, "latency_ps")));
    }
  }

  private void readEdge() throws XMLStreamException {
    String source = attribute("source");
    String target = attribute("target");
    at = ", edge from %s to %s".formatted(source, target);
    Map<String, String> data = data("edge");
    Rate rate = gbps(400);
    if (data.containsKey("rate_bps")) {
      rate = new Rate(number(data, "rate_bps"));
    } else if (data.containsKey("LinkSpeedRaw")) {
      rate = new Rate((long) Double.parseDouble(data.get("LinkSpeedRaw")));
    }
    Time delay = data.containsKey("delay_ps") ? new Time(number(data, "delay_ps")) : ns(100);
    DrawnCable cable = new DrawnCable(1, rate, delay, PortLimits.NONE);
    String limits = data.getOrDefault("limits", "");
    book.cable(source, target, limits.isEmpty() ? cable : DrawnCable.read(limits, cable));
  }

  /** The data of the element at hand, by attribute name. */
  private Map<String, String> data(String element) throws XMLStreamException {
    var data = new HashMap<String, String>();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals(element)) {
        return data;
      }
      if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("data")) {
        String key = attribute("key");
        data.put(keys.getOrDefault(key, key), xml.getElementText().strip());
      }
    }
    return data;
  }

  private static long number(Map<String, String> data, String key) {
    String text = data.getOrDefault(key, "");
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException(
          "%s is a whole number from 0, but was \"%s\": correct it".formatted(key, text));
    }
    return Long.parseLong(text);
  }
}
