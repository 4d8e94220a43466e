package weft.nn;

/** One line of thought in a {@link Derivation}: an equation, or a remark between equations. */
sealed interface Line permits Equation, Remark {}
