package weft.train;

/**
 * What happened at a parameter server, in the order of time: which numbers follow from.
 *
 * @param events a worker's number w where its gradient was applied, and {@code ~w} where the
 *     parameters and the next share of the samples left for it
 * @param missed by gradient, in the order they were applied: how many others' were applied since
 *     the parameters it belongs to had left
 * @param widestLead the most steps by which a worker that began one was ahead of the slowest
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record ServerLog(int[] events, int[] missed, int widestLead) {}
