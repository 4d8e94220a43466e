package weft.routing;

/** Which ports lead on from a node. */
interface NextPorts {
  /**
   * The equally good ports of a node towards a GPU's node, a set of {@link PortSets}.
   *
   * @param destination the GPU's node
   */
  int towards(int node, int destination);

  /** A number of GPUs' nodes to which all routes are the same up to the last switch. */
  int group(int destination);

  /** Whether a node hands over to a GPU, so that its ports are none of another's in the group. */
  boolean handsOver(int node, int destination);
}
