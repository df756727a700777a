"""From a scan or a photo of a ticked form to what its boxes say. Optional: needs requirements-reader.txt.

It states what it is sure of, and says "unsure" of the rest; a person looks at all of it.
"""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = {
    "opencv-python-headless": "cv2",
    "zxing-cpp": "zxingcpp",
    "pypdfium2": "pypdfium2",
    "numpy": "numpy",
}


def missing() -> list[str]:
    """The packages without which nothing is read."""
    return [package for package, module in NEEDED.items() if find_spec(module) is None]
