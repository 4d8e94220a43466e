/**
 * The RDMA verbs at work: two devices, one cable, real memory, and every error as an adapter
 * reports it. Begin with {@link weft.verbs.VerbsLab}.
 */
@org.jspecify.annotations.NullMarked
package weft.verbs;
