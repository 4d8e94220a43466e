package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TorusTest {
  @Test
  void everySwitchHasTwoLinksADimension() {
    Fabric torus = Fabric.torus().sizes(3, 4, 5).build();
    assertEquals(60, torus.gpus());
    assertEquals(60 + 3 * 60, torus.links().size());
    for (int n = 60; n < torus.nodes().size(); n++) {
      assertEquals(7, torus.linksAt(n).size());
    }
  }

  @Test
  void aMeshLacksTheLinksAround() {
    assertEquals(16 + 2 * 3 * 4, Fabric.torus().sizes(4, 4).mesh().build().links().size());
  }

  /** The link around a row of two would be the link it has. */
  @Test
  void aRowOfTwoHasOneLink() {
    assertEquals(8 + 12, Fabric.torus().sizes(2, 2, 2).build().links().size());
  }

  @Test
  void severalGpusMayShareASwitch() {
    Fabric torus = Fabric.torus().sizes(4, 4).gpusPerSwitch(4).build();
    assertEquals(64, torus.gpus());
    assertEquals(16, torus.switches(1));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertEquals(
        "a torus of 4 x 4 with 1 GPUs a switch holds 4 x 4 x 1 = 16 GPUs, but 17 servers of 1 have"
            + " 17: build a larger one or lower the servers",
        assertThrows(
                IllegalArgumentException.class, () -> Fabric.torus().sizes(4, 4).hosts(17).build())
            .getMessage());
  }
}
