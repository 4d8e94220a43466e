/** Topologies as values: nodes, links, and the builders that count and refuse. */
@org.jspecify.annotations.NullMarked
package weft.fabric;
