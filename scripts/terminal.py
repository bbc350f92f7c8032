"""What tmux captured from a terminal (`tmux capture-pane -e -p`), as a page to take a picture of."""
import html
import re

# As terminals of today have them, on a dark ground.
COLOURS = ["#3b4252", "#f47067", "#57ab5a", "#c69026", "#539bf5", "#b083f0", "#39c5cf", "#adbac7",
           "#768390", "#ff938a", "#6bc46d", "#daaa3f", "#6cb6ff", "#dcbdfb", "#56d4dd", "#cdd9e5"]
GROUND, INK = "#0d1117", "#d1d7e0"


def colour(number):
    """Of a terminal's 256."""
    if number < 16:
        return COLOURS[number]
    if number >= 232:
        return "#" + 3 * f"{8 + 10 * (number - 232):02x}"
    steps = [0, 95, 135, 175, 215, 255]
    number -= 16
    return "#" + "".join(f"{steps[number // part % 6]:02x}" for part in (36, 6, 1))


def changed(style, codes):
    """A style after a sequence of codes such as 1;31 or 38;5;208."""
    codes = [int(code or 0) for code in codes.split(";")]
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = {}
        elif code in (38, 48) and codes[:1] == [5]:
            style = {**style, "color" if code == 38 else "background": colour(codes[1])}
            codes = codes[2:]
        elif code == 1:
            style = {**style, "font-weight": "600"}
        elif code == 2:
            style = {**style, "opacity": ".6"}
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = {**style, "color": colour(code - 30 if code < 90 else code - 82)}
        elif 40 <= code <= 47:
            style = {**style, "background": colour(code - 40)}
        elif code in (22, 39, 49):
            names = {22: ("font-weight", "opacity"), 39: ("color",), 49: ("background",)}[code]
            style = {name: value for name, value in style.items() if name not in names}
    return style


def page(captured):
    style, parts = {}, []
    for index, part in enumerate(re.split(r"\x1b\[([0-9;]*)m", captured.rstrip() + "\n")):
        if index % 2:
            style = changed(style, part)
        elif part:
            rules = ";".join(f"{name}:{value}" for name, value in style.items())
            parts.append(f'<span style="{rules}">{html.escape(part)}</span>')
    return f"""<!DOCTYPE html><meta charset="utf-8"><title>terminal</title><style>
        body{{margin:0;background:{GROUND}}}
        pre{{margin:0;padding:18px 22px;display:inline-block;color:{INK};
        font:14px/1.3 "DejaVu Sans Mono",monospace}}</style><pre>{"".join(parts)}</pre>"""
