"""The tablet's modules become one file; what could not be joined rightly is said, not guessed."""

from pathlib import Path

import pytest

from wellbeing_app.web.joining import CannotJoin, joined

BODY = "  return 1;\n}\n"


def whole(folder: Path, **modules: str) -> str:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, "utf-8")
    return joined(folder / "one.js")


def test_a_module_becomes_a_function_that_gives_what_it_exports(tmp_path: Path) -> None:
    one = (
        'import { open as begin, low } from "./two.js";\nimport * as all from "./two.js";\nbegin(all, low);\n'
    )
    two = f"export async function open() {{\n{BODY}export const low = 1;\n"
    found = whole(tmp_path, one=one, two=two)
    assert 'const { open: begin, low } = use("two");\nconst all = use("two");\n' in found
    assert (
        f"two() {{\nasync function open() {{\n{BODY}const low = 1;\nreturn {{ open, low }};\n}},\n" in found
    )


@pytest.mark.parametrize("odd", ['import "./two.js";\n', "export let low = 1;\n", "export default 1;\n"])
def test_what_it_does_not_know_stops_it(tmp_path: Path, odd: str) -> None:
    with pytest.raises(CannotJoin):
        whole(tmp_path, one=odd, two="")
