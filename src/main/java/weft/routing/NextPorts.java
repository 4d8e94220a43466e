package weft.routing;

/** Which ports lead on from a node. */
interface NextPorts {
  /**
   * The equally good ports of a node towards a GPU's node, a set of {@link PortSets}.
   *
   * @param destination the GPU's node
   */
  int towards(int node, int destination);
}
