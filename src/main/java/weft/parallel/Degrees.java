package weft.parallel;

/** How many GPUs share what; 0 for data leaves it to the others. */
record Degrees(int tensor, int context, int expert, int pipeline, int data) {}
