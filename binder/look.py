"""Opens executed notebook pages in headless Chromium and checks what a reader would see.

Every plot, picture and table must have been drawn, lie within the page, not be cut off by its
surroundings, and its text must stand out from its background. Prints a line a page; exits with 1
if anything is wrong.
"""

import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MEASURE = """
<script>
window.addEventListener('load', () => setTimeout(() => {
  const wrong = [], seen = {img: 0, svg: 0, table: 0};
  const channels = c => (c.match(/[\\d.]+/g) || [0, 0, 0]).map(Number);
  const luminance = c => {
    const [r, g, b] = channels(c).map(v => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor, v = channels(c);
      if (v.length < 4 || v[3] > 0.5) return c;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = e => {
    const a = luminance(getComputedStyle(e).color), b = luminance(background(e));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const cut = (e, box) => {
    for (let p = e.parentElement; p; p = p.parentElement) {
      const style = getComputedStyle(p), frame = p.getBoundingClientRect();
      if (style.overflowX !== 'visible' && p !== document.body && p !== document.documentElement
          && (box.right > frame.right + 1 || box.left < frame.left - 1)) return true;
    }
    return false;
  };
  const width = document.documentElement.clientWidth;
  document.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output svg, .jp-OutputArea-output table')
    .forEach(e => {
      const kind = e.tagName.toLowerCase(), box = e.getBoundingClientRect();
      const name = kind + ' ' + ++seen[kind];
      if (box.width < 20 || box.height < 10) wrong.push(name + ' is not visible');
      if (kind === 'img' && !(e.complete && e.naturalWidth > 0)) wrong.push(name + ' did not load');
      if (box.left < 0 || box.right > width + 1)
        wrong.push(name + ' leaves the page: ' + Math.round(box.left) + ' to ' + Math.round(box.right) + ' of ' + width);
      if (cut(e, box)) wrong.push(name + ' is cut off by its surroundings');
      if (kind === 'svg') {
        const drawn = [...e.querySelectorAll('line, rect, circle, ellipse, path, polygon, polyline')]
          .some(s => { const b = s.getBoundingClientRect(); return b.width + b.height > 0; });
        if (!drawn) wrong.push(name + ' has nothing drawn in it');
        e.querySelectorAll('text').forEach(t => {
          const b = t.getBoundingClientRect();
          if (b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1)
            wrong.push(name + ' cuts off its text "' + t.textContent + '"');
        });
      }
      if (kind === 'table') {
        const cells = [...e.querySelectorAll('td, th')];
        if (cells.length === 0) wrong.push(name + ' is empty');
        if (cells.some(c => contrast(c) < 4.5)) wrong.push(name + ' has text too faint to read');
      }
    });
  const report = document.createElement('pre');
  report.id = 'seen-by-chromium';
  report.textContent = JSON.stringify({seen, wrong});
  document.body.appendChild(report);
}, 500));
</script>
"""


def look(page, folder):
    copy = folder / page.name
    text = page.read_text(encoding="utf-8")
    # Pages name scripts on other machines that measuring does not need.
    text = re.sub(r'<script[^>]* src="https?:[^>]*></script>', "", text)
    copy.write_text(text.replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    command = [
        shutil.which("chromium") or "chromium",
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profile'}", "--window-size=1100,1400",
        "--virtual-time-budget=20000",
    ]
    dom = subprocess.run(
        command + ["--dump-dom", copy.as_uri()], capture_output=True, text=True, timeout=180
    ).stdout
    picture = page.with_suffix(".png")
    subprocess.run(
        command + [f"--screenshot={picture.resolve()}", copy.as_uri()], capture_output=True, timeout=180
    )
    found = re.search(r'<pre id="seen-by-chromium">(.*?)</pre>', dom, re.S)
    if not found:
        return {"seen": {}, "wrong": ["Chromium did not finish the page"]}
    return json.loads(html.unescape(found.group(1)))


def main(pages):
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for page in pages:
            report = look(page, pathlib.Path(folder))
            seen = report["seen"]
            if not report["wrong"] and seen.get("table", 0) == 0:
                report["wrong"].append("there is no table")
            print(f"{page.name}: {seen.get('table', 0)} tables, {seen.get('img', 0)} plots, {seen.get('svg', 0)} pictures")
            for problem in report["wrong"]:
                failed = True
                print(f"  {problem}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main([pathlib.Path(argument) for argument in sys.argv[1:]])
