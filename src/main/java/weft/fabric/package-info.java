/**
 * Topologies as values: nodes, links, and the builders that count and refuse.
 *
 * <p>A {@code Fabric} is a list of nodes and links; builders ({@code FabricBuilder}) copy
 * themselves at every step, check the ports' arithmetic and add switches tier by tier to an {@code
 * Assembly}. What routes, formulas and pictures must know beyond links is its {@code Arrangement}:
 * tiers, groups (dragonfly), or a grid.
 *
 * <p>{@code Routes} answers which ports lead on. Tables are by node and group of destinations
 * ({@code LastHops}: GPUs behind the same switches), port sets are kept once ({@code PortSets}), a
 * global link of a dragonfly counts three times so that minimal means one of them, and a torus
 * needs no table. Ways that are not the shortest ({@code Detours}) are told by where a packet is,
 * so packets carry nothing. NVLink relays exist only where NICs are nodes of their own (rail-only):
 * a GPU never forwards, its NIC does.
 */
@org.jspecify.annotations.NullMarked
package weft.fabric;
