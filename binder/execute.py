"""Executes notebooks on Jupyter, cell by cell, and writes each as .ipynb and .html.

Exits with 1 if a cell fails, after showing which one and why.
"""

import argparse
import pathlib
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter


def execute(path, folder):
    notebook = nbformat.read(path, as_version=4)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = 0

    def progress(cell, cell_index):
        nonlocal done
        if cell.cell_type == "code":
            done += 1
            print(f"\r{path.name}: cell {done} of {cells}", end="", flush=True)

    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="java",
        on_cell_start=progress,
        resources={"metadata": {"path": str(path.parent)}},
    )
    started = time.monotonic()
    failure = None
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        failure = error
    print(f"\r{path.name}: {done} of {cells} cells in {time.monotonic() - started:.1f} s")
    write(notebook, path, folder)
    if failure:
        print(f"{path.name}: cell {done} failed\n{failure}", file=sys.stderr)
    return notebook, failure is None


def write(notebook, path, folder):
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / path.name)
    for theme in ("light", "dark"):
        exporter = HTMLExporter(template_name="lab", theme=theme)
        keep_pictures(exporter)
        body, _ = exporter.from_notebook_node(
            notebook, resources={"metadata": {"name": path.stem}}
        )
        suffix = ".html" if theme == "light" else "-dark.html"
        (folder / (path.stem + suffix)).write_text(body, encoding="utf-8")


def keep_pictures(exporter):
    """nbconvert 6.5 strips SVG down to its words; pictures this run has drawn may stay."""
    clean = exporter.environment.filters.get("clean_html")
    if clean:
        exporter.register_filter(
            "clean_html", lambda text: text if text.lstrip().startswith("<svg") else clean(text)
        )


def closing_table(notebook):
    """The text of the last table that the notebook shows."""
    for cell in reversed(notebook.cells):
        for output in reversed(cell.get("outputs", [])):
            data = output.get("data", {})
            if "<table" in data.get("text/html", "") and "text/plain" in data:
                return data["text/plain"]
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder to write to")
    parser.add_argument("--closing-table", action="store_true", help="print the last table")
    parser.add_argument("notebooks", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    failed = []
    for path in options.notebooks:
        notebook, passed = execute(path, options.output)
        if not passed:
            failed.append(path.name)
        if options.closing_table and passed:
            print("\n" + closing_table(notebook))
        print(f"page: {options.output / (path.stem + '.html')}")
    if failed:
        sys.exit("failed: " + ", ".join(failed))


if __name__ == "__main__":
    main()
