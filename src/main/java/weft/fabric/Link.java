package weft.fabric;

import weft.units.Rate;
import weft.units.Time;

/**
 * A full-duplex cable between two nodes.
 *
 * @param a index of one end in {@link Fabric#nodes()}
 * @param b index of the other end
 * @param rate in each direction
 * @param delay propagation one way; light in fibre takes 5 ns a metre
 */
public record Link(int a, int b, Rate rate, Time delay) {}
