package weft.verbs;

/** How a work request ended: {@code enum ibv_wc_status} of libibverbs, with its numbers. */
public enum Status {
  SUCCESS(0, "done"),
  LOC_LEN_ERR(1, "the message is longer than the receive buffer, or than a datagram may be"),
  LOC_QP_OP_ERR(2, "the queue pair met an internal inconsistency"),
  LOC_EEC_OP_ERR(3, "an end-to-end context met an internal inconsistency"),
  LOC_PROT_ERR(4, "the local key does not cover the local buffer, or forbids to write it"),
  WR_FLUSH_ERR(5, "it was posted or waiting when the queue pair went into the error state"),
  MW_BIND_ERR(6, "a memory window could not be bound"),
  BAD_RESP_ERR(7, "the responder answered something that was not asked"),
  LOC_ACCESS_ERR(8, "the local buffer does not allow what a remote write needs"),
  REM_INV_REQ_ERR(9, "the responder found the request invalid"),
  REM_ACCESS_ERR(10, "the responder refused: key, address or permission"),
  REM_OP_ERR(11, "the responder could not complete the operation at its own end"),
  RETRY_EXC_ERR(12, "nobody answered, however often it was sent again"),
  RNR_RETRY_EXC_ERR(13, "the responder had no receive posted, however often it was asked"),
  LOC_RDD_VIOL_ERR(14, "the reliable datagram domains differ"),
  REM_INV_RD_REQ_ERR(15, "the responder refused a reliable datagram"),
  REM_ABORT_ERR(16, "the responder aborted the operation"),
  INV_EECN_ERR(17, "the end-to-end context does not exist"),
  INV_EEC_STATE_ERR(18, "the end-to-end context is in the wrong state"),
  FATAL_ERR(19, "the device failed"),
  RESP_TIMEOUT_ERR(20, "the response did not come in time"),
  GENERAL_ERR(21, "something else went wrong"),
  TM_ERR(22, "tag matching failed"),
  TM_RNDV_INCOMPLETE(23, "a rendezvous of tag matching is incomplete");

  private final int code;
  private final String meaning;

  Status(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number that logs show. */
  public int code() {
    return code;
  }

  /** What it means, in half a sentence. */
  public String meaning() {
    return meaning;
  }

  /** As libibverbs calls it: {@code IBV_WC_REM_ACCESS_ERR}. */
  @Override
  public String toString() {
    return "IBV_WC_" + name();
  }
}
