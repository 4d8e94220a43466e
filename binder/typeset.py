"""Typesets mathematics with KaTeX in headless Chromium, refusing what it cannot read.

Arguments are executed notebooks, whose LaTeX outputs and formulas in text are taken, and .tex files of
the same form: text with formulas between $$. KaTeX knows a subset of what the notebook's MathJax knows,
so what it accepts both accept. Writes one page and its picture; exits with 1 if a formula is refused.
"""

import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

KATEX = pathlib.Path("/usr/share/javascript/katex")

SET = """
<script>
const wrong = [];
document.querySelectorAll('.formula').forEach(e => {
  const source = e.textContent;
  try {
    katex.render(source, e, {displayMode: e.dataset.display === 'yes', throwOnError: true, strict: 'error'});
  } catch (problem) {
    wrong.push(e.dataset.from + ': ' + problem.message + ' in ' + source.slice(0, 200));
  }
});
const report = document.createElement('pre');
report.id = 'typeset';
report.textContent = JSON.stringify({seen: document.querySelectorAll('.katex').length, wrong});
report.style.display = 'none';
document.body.appendChild(report);
</script>
"""


def formulas(text):
    """The formulas of a text: (LaTeX, whether it stands on lines of its own)."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    for shown, inline in re.findall(r"\$\$(.+?)\$\$|(?<![\\$\w])\$(?![\s\d])([^$\n]+?)(?<![\s\\])\$(?!\d)", text, re.S):
        yield (shown, True) if shown else (inline, False)


def texts(path):
    """The parts of a file that may hold formulas."""
    if path.suffix != ".ipynb":
        yield path.read_text(encoding="utf-8")
        return
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in ("text/latex", "text/markdown"):
                yield "".join(data.get(kind, ""))


def page(paths):
    parts = []
    for path in paths:
        found = [each for text in texts(path) for each in formulas(text)]
        if found:
            parts.append(f"<h2>{html.escape(path.name)}</h2>")
        for latex, display in found:
            kind = "yes" if display else "no"
            parts.append(
                f'<div class="formula" data-from="{html.escape(path.name)}" data-display="{kind}">'
                f"{html.escape(latex)}</div>"
            )
    head = (
        f'<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="{(KATEX / "katex.min.css").as_uri()}">'
        f'<script src="{(KATEX / "katex.min.js").as_uri()}"></script>'
        "<style>body { font: 15px sans-serif; margin: 1em; } .katex-display { text-align: left; }"
        " .katex-display > .katex { text-align: left; }</style>"
    )
    return head + "\n".join(parts) + SET


def main(target, paths):
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(paths), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        command = [
            shutil.which("chromium") or "chromium",
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--allow-file-access-from-files", f"--user-data-dir={folder}",
            "--window-size=1400,4000", "--virtual-time-budget=20000",
        ]
        uri = target.resolve().as_uri()
        dom = subprocess.run(command + ["--dump-dom", uri], capture_output=True, text=True, timeout=180).stdout
        picture = target.with_suffix(".png").resolve()
        subprocess.run(command + [f"--screenshot={picture}", uri], capture_output=True, timeout=180)
    found = re.search(r'<pre id="typeset"[^>]*>(.*?)</pre>', dom, re.S)
    if not found:
        sys.exit("Chromium did not finish the page of formulas")
    report = json.loads(html.unescape(found.group(1)))
    print(f"{report['seen']} formulas typeset")
    if report["wrong"] or report["seen"] == 0:
        sys.exit("\n".join(report["wrong"]) or "no formula was found to be typeset")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), [pathlib.Path(argument) for argument in sys.argv[2:]])
