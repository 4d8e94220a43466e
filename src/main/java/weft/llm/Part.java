package weft.llm;

/**
 * One kind of layer in a model.
 *
 * @param name what tables call it
 * @param copies how many there are
 * @param parameters of one
 * @param active parameters of one that a token meets
 * @param forwardFlops of one for one token, forward
 */
record Part(String name, int copies, long parameters, long active, double forwardFlops) {}
