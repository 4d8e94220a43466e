package weft.fabric;

import weft.report.Picture;

/** Draws a fabric by how it is arranged. */
final class FabricPicture {
  private FabricPicture() {}

  /**
   * @param load share of the rate in use, by link; empty to draw none
   */
  static Picture of(Fabric fabric, double[] load) {
    var canvas = new FabricCanvas(fabric, load);
    if (fabric.arrangement() instanceof Arrangement.Groups groups) {
      return new GroupPicture(fabric, groups, canvas).draw();
    }
    if (fabric.arrangement() instanceof Arrangement.Grid grid) {
      return new GridPicture(fabric, grid, canvas).draw();
    }
    return new TierPicture(fabric, canvas).draw();
  }
}
