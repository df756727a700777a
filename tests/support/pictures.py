"""Small pictures that really are some."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def picture(kind: str, width: int = 3) -> bytes:
    """One of this kind, "PNG" or "JPEG"."""
    content = BytesIO()
    Image.new("RGB", (width, 2), "teal").save(content, kind)
    return content.getvalue()


PNG, JPEG = picture("PNG"), picture("JPEG")
