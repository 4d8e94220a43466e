package weft.notebook.kernel;

final class TryCells {
  public static void main(String[] a) throws Exception {
    long t0 = System.nanoTime();
    try (var c = new JupyterClient()) {
      System.out.printf("ready %.3f%n", (System.nanoTime() - t0) / 1e9);
      var o = c.run("1+1");
      System.out.printf("first %.3f %s %s%n", (System.nanoTime() - t0) / 1e9, o.text(), o.error());
      var ts = new java.util.ArrayList<Double>();
      for (int i = 0; i < 20; i++) {
        long t = System.nanoTime();
        o = c.run("2+" + i);
        ts.add((System.nanoTime() - t) / 1e6);
      }
      System.out.println(ts);
      ts.sort(null);
      System.out.println("median ms " + ts.get(10));
      for (String code :
          java.nio.file.Files.readString(java.nio.file.Path.of(a[0])).split("(?m)^----\n")) {
        System.out.println("=========== " + code);
        long t = System.nanoTime();
        o = c.run(code);
        System.out.printf(
            "[%s %.0f ms] msgs %d%n",
            o.status(), (System.nanoTime() - t) / 1e6, o.published().size());
        String out = o.out();
        if (!out.isEmpty())
          System.out.println("out: " + out.substring(0, Math.min(500, out.length())));
        if (!o.err().isEmpty()) System.out.println("err: " + o.err());
        for (var m : o.published())
          if (m.type().matches("execute_result|display_data|update_display_data")) {
            String s = m.content().toString();
            System.out.println(m.type() + " " + s.substring(0, Math.min(900, s.length())));
          }
        if (!o.error().isEmpty()) System.out.println(o.errorName() + "|\n" + o.error());
      }
    }
  }
}
