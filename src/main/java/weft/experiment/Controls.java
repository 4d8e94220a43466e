package weft.experiment;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.transport.Transport;
import weft.transport.Uet;

/** One transport under several congestion controls. */
final class Controls {
  private Controls() {}

  /** A transport for each control, in their order, by a name that tells it from the others. */
  static Map<String, Transport> of(Transport carrier, CongestionControl... controls) {
    var all = new LinkedHashMap<String, Transport>();
    for (CongestionControl control : controls) {
      long alike = Arrays.stream(controls).filter(c -> brief(c).equals(brief(control))).count();
      String name = alike == 1 ? brief(control) : full(control);
      String free = name;
      for (int i = 2; all.containsKey(free); i++) {
        free = name + " (" + i + ")";
      }
      all.put(free, under(carrier, control));
    }
    return all;
  }

  private static Transport under(Transport carrier, CongestionControl control) {
    if (carrier instanceof RoceV2 roce) {
      return roce.under(control);
    }
    if (carrier instanceof Uet uet) {
      return uet.under(control);
    }
    throw new IllegalArgumentException(
        "congestion controls are compared over RoCEv2 or UET, but this experiment runs over %s: add .over(RoceV2.lossless(Dcqcn.defaults())) before compareControls"
            .formatted(carrier));
  }

  private static String full(CongestionControl control) {
    return control.getClass().isSynthetic() ? "unnamed congestion control" : control.toString();
  }

  /** Without parameters; a record written in a cell has them, or nothing, in brackets. */
  static String brief(CongestionControl control) {
    return full(control).replaceFirst("( \\(|\\[).*", "");
  }
}
