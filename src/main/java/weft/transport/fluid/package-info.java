/** Congestion control as differential equations, to be laid over what the packets do. */
@org.jspecify.annotations.NullMarked
package weft.transport.fluid;
