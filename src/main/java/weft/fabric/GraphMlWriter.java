package weft.fabric;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes GraphML: the forwarding and buffer cells of all switches; nodes with role, tier, server
 * and, where they have their own, buffer and latency; edges with rate, delay and thresholds as
 * drawings write them.
 */
final class GraphMlWriter {
  private static final Map<String, String> GRAPH_KEYS = new LinkedHashMap<>();
  private static final Map<String, String> NODE_KEYS = new LinkedHashMap<>();
  private static final Map<String, String> EDGE_KEYS = new LinkedHashMap<>();

  static {
    GRAPH_KEYS.put("forwarding", "string");
    GRAPH_KEYS.put("cell_bytes", "long");
    NODE_KEYS.put("role", "string");
    NODE_KEYS.put("tier", "int");
    NODE_KEYS.put("server", "int");
    NODE_KEYS.put("buffer_bytes", "long");
    NODE_KEYS.put("latency_ps", "long");
    EDGE_KEYS.put("rate_bps", "long");
    EDGE_KEYS.put("delay_ps", "long");
    EDGE_KEYS.put("limits", "string");
  }

  private final XMLStreamWriter xml;

  private GraphMlWriter(XMLStreamWriter xml) {
    this.xml = xml;
  }

  static String write(Fabric fabric) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      new GraphMlWriter(xml).writeAll(fabric);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a fabric's names do not fit into XML", e);
    }
    return text.toString();
  }

  private void writeAll(Fabric fabric) throws XMLStreamException {
    xml.writeStartDocument("1.0");
    line(0);
    xml.writeStartElement("graphml");
    xml.writeDefaultNamespace("http://graphml.graphdrawing.org/xmlns");
    writeKeys("graph", GRAPH_KEYS);
    writeKeys("node", NODE_KEYS);
    writeKeys("edge", EDGE_KEYS);
    line(1);
    xml.writeStartElement("graph");
    xml.writeAttribute("id", fabric.name());
    xml.writeAttribute("edgedefault", "undirected");
    data("forwarding", fabric.forwarding().name());
    data("cell_bytes", String.valueOf(fabric.bufferCell().bytes()));
    for (int n = 0; n < fabric.nodes().size(); n++) {
      writeNode(fabric, n);
    }
    for (Link link : fabric.links()) {
      writeEdge(fabric, link);
    }
    line(1);
    xml.writeEndElement();
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void writeKeys(String of, Map<String, String> keys) throws XMLStreamException {
    for (var key : keys.entrySet()) {
      line(1);
      xml.writeEmptyElement("key");
      xml.writeAttribute("id", key.getKey());
      xml.writeAttribute("for", of);
      xml.writeAttribute("attr.name", key.getKey());
      xml.writeAttribute("attr.type", key.getValue());
    }
  }

  private void writeNode(Fabric fabric, int n) throws XMLStreamException {
    Node node = fabric.nodes().get(n);
    line(2);
    xml.writeStartElement("node");
    xml.writeAttribute("id", node.name());
    data("role", node.role().toString());
    if (node.role() == Node.Role.SWITCH) {
      data("tier", String.valueOf(node.tier()));
    }
    if (node.server() != Node.NO_SERVER) {
      data("server", String.valueOf(node.server()));
    }
    if (node.role().forwards()) {
      data("buffer_bytes", String.valueOf(fabric.bufferOf(n).bytes()));
      data("latency_ps", String.valueOf(fabric.latencyOf(n).ps()));
    }
    xml.writeEndElement();
  }

  private void writeEdge(Fabric fabric, Link link) throws XMLStreamException {
    line(2);
    xml.writeStartElement("edge");
    xml.writeAttribute("source", fabric.nodes().get(link.a()).name());
    xml.writeAttribute("target", fabric.nodes().get(link.b()).name());
    data("rate_bps", String.valueOf(link.rate().bitsPerSecond()));
    data("delay_ps", String.valueOf(link.delay().ps()));
    String limits = drawn(link.limits());
    if (!limits.isEmpty()) {
      data("limits", limits);
    }
    xml.writeEndElement();
  }

  /** As {@link DrawnCable} reads them. */
  private static String drawn(PortLimits limits) {
    List<String> words = new ArrayList<>();
    limits
        .markFrom()
        .ifPresent(l -> words.add("mark " + drawn(l) + "-" + drawn(limits.markAll().orElse(l))));
    limits
        .pauseAt()
        .ifPresent(l -> words.add("pause " + drawn(l) + "-" + drawn(limits.resumeAt().orElse(l))));
    limits.queueMost().ifPresent(l -> words.add("queue " + drawn(l)));
    return String.join(" ", words);
  }

  private static String drawn(QueueLength length) {
    return length.amount() + (length.unit() == QueueLength.Unit.BYTES ? "B" : "p");
  }

  private void data(String key, String value) throws XMLStreamException {
    xml.writeStartElement("data");
    xml.writeAttribute("key", key);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }

  private void line(int indent) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(indent));
  }
}
