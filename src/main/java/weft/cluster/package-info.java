/** What a cluster is made of: accelerators, servers, and where a job's ranks are placed on them. */
@org.jspecify.annotations.NullMarked
package weft.cluster;
