"""Whether a file that somebody sent is a picture."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

# In so many ways Pillow says that a picture is broken.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)


def can_be_shown(content: bytes, widest: int) -> bool:
    """Whether it is a whole PNG or JPEG, of at most `widest` pixels each way."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > widest:
                return False
            picture.load()
    except BROKEN:
        return False
    return True
