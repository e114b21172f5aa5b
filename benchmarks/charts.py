"""Draws the charts of README and docs from what the benchmarks measured.

    python -m benchmarks.charts [--imports FILE] [--others FILE] [--scaling FILE] [--folder docs/images]

Each FILE is what the benchmark of that name wrote with --json; a chart is drawn for each that is given.
"""

import argparse
import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import altair as alt

from benchmarks.others.__main__ import read_kept
from benchmarks.others.programs import OURS, PROGRAMS

WIDTH = 520
BAR_HEIGHT = 24
OUR_COLOUR, OTHER_COLOUR, PALE_COLOUR = "#2fae97", "#9fada8", "#dbe2df"
INK = "#33413d"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    drawn = {"imports": draw_imports, "others": draw_others, "scaling": draw_scaling}
    for name in drawn:
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("docs/images"))
    options = parser.parse_args()
    for name, draw in drawn.items():
        file = getattr(options, name)
        if file:
            chart = style(draw(json.loads(file.read_text())))
            chart.save(options.folder / f"{name}.svg")


def draw_imports(measured: dict[str, Any]) -> alt.Chart:
    """Seconds of the floor and of our imports: fresh, again, 10 % changed."""
    titles = {
        "floor": "bare COPY of the finished rows",
        "fresh": "the whole import",
        "again": "the same file again",
        "changed": "again, 10 % changed",
    }
    rows = [
        {
            "what": title,
            "seconds": statistics.median(run[name] for run in measured["runs"]),
            "colour": OTHER_COLOUR if name == "floor" else OUR_COLOUR,
        }
        for name, title in titles.items()
    ]
    return bars(rows, "seconds", " s", alt.TitleParams(f"Seconds for {measured['rows']:,} rows"))


def draw_others(measured: dict[str, Any]) -> alt.Chart:
    """Seconds a row as a multiple of ours, of all that were measured, kept figures included."""
    figures = {**{name: [figure] for name, figure in read_kept(measured["runs"]).items()}, **measured["runs"]}
    rows = [
        {
            "what": program.title,
            "times": statistics.median(run["times"] for run in figures[program.name]),
            "colour": OUR_COLOUR if program.name == OURS else OTHER_COLOUR if program.reads_phones else PALE_COLOUR,
        }
        for program in PROGRAMS
        if program.name in figures
    ]
    title = alt.TitleParams(
        "Time for a row, as a multiple of ours", subtitle="Pale: does less, for it leaves phones as they are written"
    )
    return bars(sorted(rows, key=lambda row: row["times"]), "times", " ×", title)


def draw_scaling(measured: dict[str, Any]) -> alt.Chart:
    """Rows a second by workers, for one import and for many at once."""
    titles = {"one": "one import", "many": "eight imports at once"}
    rows = [
        {
            "workers": int(count),
            "rows a second": measured["rows"] / statistics.median(run["seconds"] for run in runs),
            "imports": title,
        }
        for name, title in titles.items()
        for count, runs in measured["runs"][name].items()
    ]
    return (
        alt.Chart(alt.Data(values=rows), title=f"{measured['rows']:,} rows, by workers")
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            alt.X("workers:O", title="workers", axis=alt.Axis(labelAngle=0)),
            alt.Y("rows a second:Q", title="rows a second", scale=alt.Scale(zero=True)),
            alt.Color("imports:N", title=None, scale=alt.Scale(range=[OUR_COLOUR, "#6aa5e3"])),
        )
        .properties(width=WIDTH, height=220)
    )


# Linear from zero, however far the longest bar reaches: its length is the claim, and a short one has its number.
def bars(rows: Iterable[dict[str, Any]], measure: str, unit: str, title: alt.TitleParams) -> alt.LayerChart:
    """One bar a row in its colour, each with its number."""
    values = [{**row, "number": in_figures(row[measure]) + unit} for row in rows]
    base = alt.Chart(alt.Data(values=values), title=title).encode(
        alt.X(f"{measure}:Q", title=None, axis=None, scale=alt.Scale(zero=True, nice=False)),
        alt.Y("what:N", title=None, sort=[row["what"] for row in values]),
    )
    marks = base.mark_bar(cornerRadiusEnd=2).encode(alt.Color("colour:N", scale=None))
    numbers = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(alt.Text("number:N"))
    return (marks + numbers).properties(width=WIDTH, height=BAR_HEIGHT * len(values))


def in_figures(number: float) -> str:
    """No more digits than tell: 0.62, 4.5, 115."""
    return f"{number:,.2f}" if number < 1 else f"{number:,.1f}" if number < 100 else f"{number:,.0f}"


def style(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    """Readable on light and dark pages: an own background, quiet axes."""
    return (
        chart.configure(background="#ffffff", font="sans-serif", padding=12)
        .configure_view(stroke=None)
        .configure_axis(
            grid=False,
            domain=False,
            ticks=False,
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12,
            labelLimit=260,
            labelPadding=8,
        )
        .configure_title(anchor="start", frame="group", color=INK, fontSize=14, subtitleColor=INK, offset=10)
    )


if __name__ == "__main__":
    main()
