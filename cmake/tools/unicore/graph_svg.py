# SPDX-License-Identifier: BSD-3-Clause
"""Draws the graph of an image as SVG: one file, no scripts, readable on light and dark pages."""
from __future__ import annotations

from xml.sax.saxutils import escape

from unicore.graph import Edge, Graph, Node
from unicore.graph_layout import Layout, lay_out

BOX_HEIGHT, GAP, COLUMN_GAP, MARGIN = 40.0, 14.0, 52.0, 24.0
NAME_WIDTH, NOTE_WIDTH = 8.4, 5.7  # of a letter, in the fonts below
LONGEST_NOTE = 30
FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', Helvetica, sans-serif"
# Kind of node: fill, outline, what the legend says.
KINDS = {
    "image": ("#1f2937", "#111827", "the image"),
    "component": ("#dbeafe", "#3b82f6", "component"),
    "one-of": ("#fef3c7", "#d97706", "interface, one provider"),
    "many-of": ("#fce7f3", "#db2777", "interface, any providers"),
    "target": ("#d1fae5", "#059669", "architecture, platform"),
    "external": ("#e5e7eb", "#6b7280", "third party"),
}
# Kind of edge: colour, dashes, what the legend says.
LINES = {
    "names": ("#1f2937", "", "named by the image"),
    "requires": ("#374151", "", "requires"),
    "uses": ("#9ca3af", "", "uses (in sources only)"),
    "invites": ("#9ca3af", "2 3", "comes with it"),
    "bound": ("#d97706", "5 3", "is provided by"),
    "provides": ("#d97706", "", "provides"),
}


def shortened(text: str) -> str:
    """The note of a box, cut at a word where it is too long."""
    if len(text) <= LONGEST_NOTE:
        return text
    cut = text[:LONGEST_NOTE - 1].rpartition(" ")[0] or text[:LONGEST_NOTE - 1]
    return cut.rstrip(",;: ") + "…"


def box_width(node: Node) -> float:
    """Wide enough for both lines."""
    return max(len(node.name) * NAME_WIDTH, len(shortened(node.note)) * NOTE_WIDTH, 60.0) + 20


def draw(graph: Graph) -> str:
    """The SVG text. The same graph gives the same text."""
    nodes = {node.name: node for node in graph.nodes}
    layout = lay_out(list(nodes), [(edge.start, edge.end) for edge in graph.edges],
                     {name: BOX_HEIGHT for name in nodes}, GAP)
    widths = [max(box_width(nodes[n]) if n in nodes else 0.0 for n in layer) for layer in layout.layers]
    lefts = [MARGIN + sum(widths[:i]) + COLUMN_GAP * i for i in range(len(widths))]
    top = MARGIN + 36
    bottom = top + max(p.y + p.height / 2 for p in layout.places.values())
    body = [_line(edge, layout, lefts, widths, top) for edge in graph.edges]
    body += [_box(node, lefts[layout.places[node.name].layer], widths[layout.places[node.name].layer],
                  top + layout.places[node.name].y) for node in graph.nodes]
    kinds = [kind for kind in KINDS if any(node.kind == kind for node in graph.nodes)]
    lines = [kind for kind in LINES if any(edge.kind == kind for edge in graph.edges)]
    legend, legend_width, height = _legend(kinds, lines, graph.back, bottom + 30)
    width = max(lefts[-1] + widths[-1] + MARGIN, legend_width + MARGIN)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONT}">',
        f"<title>{escape(graph.title)}</title>", _markers(lines),
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        f'<text x="{MARGIN:g}" y="{MARGIN + 12:g}" font-size="17" font-weight="600" fill="#111827">'
        f"{escape(graph.title)}</text>", *body, *legend, "</svg>", ""])


def _markers(lines: list[str]) -> str:
    heads = [f'<marker id="head-{kind}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" '
             f'orient="auto"><path d="M0,0.8 L7.5,4 L0,7.2 z" fill="{LINES[kind][0]}"/></marker>' for kind in lines]
    return f"<defs>{''.join(heads)}</defs>"


def _stroke(kind: str) -> str:
    colour, dashes, _ = LINES[kind]
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="none" stroke="{colour}" stroke-width="1.3"{dash} marker-end="url(#head-{kind})"'


def _line(edge: Edge, layout: Layout, lefts: list[float], widths: list[float], top: float) -> str:
    """From the right side of a box through the waypoints to the left side of the other."""
    route = [layout.places[name] for name in layout.routes[edge.start, edge.end]]
    x, y = lefts[route[0].layer] + widths[route[0].layer], top + route[0].y
    path = [f"M{x:.1f},{y:.1f}"]
    for place in route[1:]:
        left, there = lefts[place.layer], top + place.y
        bend = (left - x) / 2
        path.append(f"C{x + bend:.1f},{y:.1f} {left - bend:.1f},{there:.1f} {left:.1f},{there:.1f}")
        x, y = left, there
        if place is not route[-1]:  # straight through the column of a waypoint
            x += widths[place.layer]
            path.append(f"L{x:.1f},{y:.1f}")
    return (f'<path d="{" ".join(path)}" {_stroke(edge.kind)}>'
            f"<title>{escape(f'{edge.start} {LINES[edge.kind][2]} {edge.end}')}</title></path>")


def _box(node: Node, left: float, width: float, middle: float) -> str:
    fill, outline, _ = KINDS[node.kind]
    ink, faint = ("#ffffff", "#d1d5db") if node.kind == "image" else ("#111827", "#4b5563")
    center = left + width / 2
    name_y = middle - 2 if node.note else middle + 5
    text = (f'<text x="{center:.1f}" y="{name_y:.1f}" text-anchor="middle" font-size="13" font-weight="600" '
            f'fill="{ink}">{escape(node.name)}</text>')
    if node.note:
        text += (f'<text x="{center:.1f}" y="{middle + 13:.1f}" text-anchor="middle" font-size="10" '
                 f'fill="{faint}">{escape(shortened(node.note))}</text>')
    return (f'<g><title>{escape(f"{node.name}: {node.note}" if node.note else node.name)}</title>'
            f'<rect x="{left:.1f}" y="{middle - BOX_HEIGHT / 2:.1f}" width="{width:.1f}" height="{BOX_HEIGHT:g}" '
            f'rx="8" fill="{fill}" stroke="{outline}"/>{text}</g>')


def _legend(kinds: list[str], lines: list[str], back: tuple[Edge, ...], top: float) -> tuple[list[str], float, float]:
    """Its elements, how wide they are, and where the picture ends."""
    parts, x, widest = [], MARGIN, 0.0
    for kind in kinds:
        fill, outline, words = KINDS[kind]
        parts.append(f'<rect x="{x:.1f}" y="{top - 9:.1f}" width="16" height="11" rx="3" fill="{fill}" '
                     f'stroke="{outline}"/>' + _words(x + 22, top, words))
        x += 22 + len(words) * 6.2 + 18
    widest, x, top = max(widest, x), MARGIN, top + 22
    for kind in lines:
        words = LINES[kind][2]
        parts.append(f'<path d="M{x:.1f},{top - 4:.1f} h26" {_stroke(kind)}/>' + _words(x + 32, top, words))
        x += 32 + len(words) * 6.2 + 18
    widest, top = max(widest, x), top + 20
    notes = ["Dependencies that follow from others are left out."]
    if back:
        told = ", ".join(f"{edge.start} → {edge.end}" for edge in back)
        notes.append(f"Not drawn, because they point back: {told}.")
    for note in notes:
        parts.append(_words(MARGIN, top, note))
        widest, top = max(widest, MARGIN + len(note) * 6.2), top + 16
    return parts, widest, top + MARGIN - 12


def _words(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" fill="#4b5563">{escape(text)}</text>'
