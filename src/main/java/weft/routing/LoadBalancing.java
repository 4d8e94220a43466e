package weft.routing;

/** How a switch chooses among the ports that lead to a destination equally fast. */
public sealed interface LoadBalancing permits Ecmp, Spray {}
