/**
 * What breaks while a network runs: cables, optics, switches, NICs, GPUs, hosts; when, for how
 * long, and how soon the network notices.
 */
@org.jspecify.annotations.NullMarked
package weft.fault;
