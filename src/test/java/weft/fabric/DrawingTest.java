package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.tbps;
import static weft.units.Units.us;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawingTest {
  @Test
  void aLineIsACable() {
    Fabric fabric = Fabric.drawn("a --100G 1us-- s\nb --1.6T 20m-- s");
    assertEquals(2, fabric.gpus());
    assertEquals(1, fabric.switches(1));
    assertEquals(new Link(0, 1, gbps(100), us(1)), fabric.links().get(0));
    assertEquals(new Link(2, 1, tbps(1.6), ns(100)), fabric.links().get(1));
  }

  @Test
  void twoGpusMayShareOneCable() {
    assertEquals(2, Fabric.drawn("a --100G 1us-- b").gpus());
  }

  @Test
  void rangesListsAndChainsAreManyCables() {
    Fabric fabric =
        Fabric.drawn(
            """
            default 400G 20m   # usual cable
            gpu[0-3] --- leaf0 --2x400G-- spine[0-1]
            gpu4, gpu5 --- leaf1 --2x400G-- spine[0-1]
            """);
    assertEquals(6, fabric.gpus());
    assertEquals(2, fabric.switches(1));
    assertEquals(2, fabric.switches(2));
    assertEquals(6 + 2 * 2 * 2, fabric.links().size());
  }

  @Test
  void switchesAndServersMayBeDescribed() {
    Fabric fabric =
        Fabric.drawn(
            """
            server gpu[0-1] 900G
            gpu[0-1] --- x
            host --- x
            switch x tier 3 buffer 16MiB latency 300ns
            latency 200ns
            cell 208B
            cut-through
            """);
    assertEquals(bytes(208), fabric.bufferCell());
    assertEquals(Forwarding.CUT_THROUGH, fabric.forwarding());
    assertEquals("cut-through", fabric.facts().get("switches forward by"));
    int x = fabric.named("x");
    assertEquals(3, fabric.nodes().get(x).tier());
    assertEquals(mib(16), fabric.bufferOf(x));
    assertEquals(ns(300), fabric.latencyOf(x));
    assertEquals(ns(200), fabric.latencyOf(fabric.named("nvswitch0")));
    assertTrue(fabric.shareServer(0, 1));
    assertEquals(gbps(900), fabric.links().get(0).rate());
  }

  @Test
  void tiersAreFoundByDistanceFromTheGpus() {
    Fabric fabric = Fabric.drawn("a, b --- s --- t --- u\nc, d --- v --- t --- w --- u");
    int[] tiers =
        IntStream.of(fabric.named("s"), fabric.named("v"), fabric.named("t"), fabric.named("u"))
            .map(n -> fabric.nodes().get(n).tier())
            .toArray();
    assertEquals("[1, 1, 2, 3]", java.util.Arrays.toString(tiers));
  }

  @Test
  void thresholdsStandOnTheCable() {
    var limits =
        Fabric.drawn("a, b --100G 1us mark 100KiB-400KiB pause 50p-48p queue 200p-- s")
            .links()
            .get(1)
            .limits();
    assertEquals(new QueueLength(102_400, QueueLength.Unit.BYTES), limits.markFrom().orElseThrow());
    assertEquals(QueueLength.packets(48), limits.resumeAt().orElseThrow());
    assertEquals(QueueLength.packets(200), limits.queueMost().orElseThrow());
  }

  @Test
  void errorsNameTheLineAndTheRemedy() {
    assertEquals(
        "line 2 of the drawing, \"b --100X-- s\": a cable has a rate (100G, 1.6T, 2x400G), a delay"
            + " (1us, 500ns) or length (20m), and thresholds (mark, pause, queue), but \"100X\" was"
            + " read: write for example --100G 1us--",
        refusal("a --100G-- s\nb --100X-- s"));
    assertEquals(
        "line 1 of the drawing, \"a ---\": a cable has a node at each end, but one end is missing:"
            + " write for example a --100G 1us-- s",
        refusal("a --- # nothing"));
    assertTrue(
        refusal("hello world").startsWith("line 1 of the drawing, \"hello world\": a line is"));
    assertTrue(
        refusal("a, b --- s\nswitch s tire 2").contains("tier, buffer and latency, but tire"));
    assertTrue(refusal("a --- a").contains("both ends are called alike"));
  }

  private static String refusal(String text) {
    return assertThrows(IllegalArgumentException.class, () -> Fabric.drawn(text)).getMessage();
  }
}
