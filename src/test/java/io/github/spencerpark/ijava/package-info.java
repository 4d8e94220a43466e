/** A stand-in for IJava, which is on no repository: the two methods that Weft looks for. */
@org.jspecify.annotations.NullMarked
package io.github.spencerpark.ijava;
