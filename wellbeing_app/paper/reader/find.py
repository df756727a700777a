"""Where on a picture the form lies: by the squares in its corners and its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from wellbeing_app.paper import codes
from wellbeing_app.paper.reader.pictures import LONG_SIDE, Grey, Refused

Points = NDArray[np.float32]
Matrix = NDArray[np.float64]

DPI: Final = 200
PX_PER_MM: Final = DPI / 25.4
LEAST_MARKS: Final = 3
WORST_FIT_MM: Final = 1.2
LEAST_PX_PER_MM: Final = 2.6


@dataclass(frozen=True)
class Seen:
    """The marks seen on a picture, by their numbers, and the text of its code with its corners."""

    marks: dict[int, Points]
    code: str | None
    code_corners: Points | None


def look(picture: Grey) -> Seen:
    """Raises `Refused` for two forms on one picture, and for one on which none is seen."""
    marks = _marks(picture)
    found = _codes(picture) if len(marks) < 4 else []
    if len({text for text, _ in found}) > 1:
        raise Refused("two_forms")
    text, corners = found[0] if found else (None, None)
    if not marks and text is None:
        raise Refused("no_form")
    return Seen(marks, text, corners)


def place(seen: Seen, layout: dict[str, Any], page: int = 1) -> Matrix:
    """What takes mm on the form to pixels on the picture; raises `Refused`."""
    from_mm, to_px = _pairs(seen, layout, page)
    if len(seen.marks) < LEAST_MARKS and not (len(seen.marks) == 2 and seen.code_corners is not None):
        raise Refused("corners_missing")
    matrix, _ = cv2.findHomography(from_mm, to_px, cv2.RANSAC, 4.0)
    if matrix is None:
        raise Refused("corners_missing")
    found = cast(Matrix, matrix)
    _check(found, from_mm, to_px)
    return found


def straightened(picture: Grey, matrix: Matrix, page_mm: tuple[float, float]) -> Grey:
    """The page as it was printed, at `DPI`."""
    scale = np.diag([1 / PX_PER_MM, 1 / PX_PER_MM, 1.0])
    size = round(page_mm[0] * PX_PER_MM), round(page_mm[1] * PX_PER_MM)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cast(Grey, cv2.warpPerspective(picture, matrix @ scale, size, flags=flags, borderValue=255))


def code_in(page: Grey, rect_mm: tuple[float, float, float, float]) -> str | None:
    """The text of the code, looked for where it was printed on a straightened page."""
    x, y, width, height = (value * PX_PER_MM for value in rect_mm)
    margin = 4 * PX_PER_MM
    area = page[
        max(0, round(y - margin)) : round(y + height + margin),
        max(0, round(x - margin)) : round(x + width + margin),
    ]
    for picture in (area, cv2.resize(area, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)):
        found = _codes(np.ascontiguousarray(picture))
        if found:
            return found[0][0]
    return None


def code_anywhere(page: Grey) -> str | None:
    """The text of the code, wherever it is: some languages have it on the other side."""
    found = _codes(page)
    return found[0][0] if found else None


def any_code(picture: Grey) -> str | None:
    """The text of a form's code on a picture of anything, as sharp as it comes, and if need be smaller."""
    for target in (LONG_SIDE, 1300):
        scale = min(1.0, target / max(picture.shape))
        for text, _ in _codes(picture if scale == 1 else _scaled(picture, scale)):
            if codes.parse(text) is not None:
                return text
    return None


def _marks(picture: Grey) -> dict[int, Points]:
    """Looked for on a smaller picture first, which is quicker and less disturbed by grain."""
    longest = max(picture.shape)
    best: dict[int, Points] = {}
    for target in (1300, 2000, 2600):
        scale = min(1.0, target / longest)
        small = picture if scale == 1 else _scaled(picture, scale)
        found = _detected(small, picture, scale)
        if len(found) > len(best):
            best = found
        if len(best) == 4 or scale == 1.0:
            break
    return best


def _scaled(picture: Grey, scale: float) -> Grey:
    return cast(Grey, cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _detected(small: Grey, whole: Grey, scale: float) -> dict[int, Points]:
    corners, ids, _ = _detector().detectMarkers(small)
    if ids is None:
        return {}
    numbers = [int(number) for number in np.asarray(ids).ravel()]
    ours = [(number, corner) for number, corner in zip(numbers, corners, strict=True) if number < 4]
    if len({number for number, _ in ours}) < len(ours):
        raise Refused("two_forms")
    found: dict[int, Points] = {}
    for number, corner in ours:
        points = (np.asarray(corner, np.float32).reshape(4, 2) + 0.5) / scale - 0.5
        side = float(np.linalg.norm(points[0] - points[1]))
        window = max(2, min(9, round(side * 0.1)))
        refined = cv2.cornerSubPix(
            whole,
            np.ascontiguousarray(points.reshape(-1, 1, 2)),
            (window, window),
            (-1, -1),
            (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.05),
        ).reshape(4, 2)
        moved = np.linalg.norm(refined - points, axis=1).max()
        found[number] = cast(Points, refined) if moved < window * 1.5 else points
    return found


def _detector() -> Any:
    parameters = cv2.aruco.DetectorParameters()
    parameters.adaptiveThreshWinSizeMin = 9
    parameters.adaptiveThreshWinSizeMax = 41
    parameters.adaptiveThreshWinSizeStep = 16
    parameters.minMarkerPerimeterRate = 0.04
    parameters.maxMarkerPerimeterRate = 0.6
    parameters.errorCorrectionRate = 0.3
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return cv2.aruco.ArucoDetector(dictionary, parameters)


def _codes(picture: Grey) -> list[tuple[str, Points]]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [(code.text, _corners(code.position)) for code in found if code.text]


def _corners(position: Any) -> Points:
    named = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(point.x, point.y) for point in named], np.float32)


def _pairs(seen: Seen, layout: dict[str, Any], page: int) -> tuple[Points, Points]:
    """Corners of the marks on the form (mm) and on the picture; of the code where marks are missing."""
    printed = {mark["id"]: mark["rect_mm"] for mark in layout.get("marks", []) if mark.get("page", 1) == page}
    from_mm = [_square(printed[number]) for number in seen.marks if number in printed]
    to_px = [seen.marks[number] for number in seen.marks if number in printed]
    if not from_mm:
        raise Refused("corners_missing")
    if seen.code_corners is not None and len(seen.marks) < 4:
        for code in layout.get("qr", []):
            if code.get("page", 1) == page:
                from_mm.append(_square(_without_quiet_zone(code["rect_mm"], seen.code)))
                to_px.append(seen.code_corners)
    return np.concatenate(from_mm).astype(np.float32), np.concatenate(to_px).astype(np.float32)


def _square(rect: Any) -> Points:
    x, y, width, height = rect
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float32)


def _without_quiet_zone(rect: Any, text: str | None) -> tuple[float, float, float, float]:
    count = len(codes.modules(text or ""))
    module = rect[2] / (count + 2 * codes.QUIET_MODULES)
    inset = codes.QUIET_MODULES * module
    return rect[0] + inset, rect[1] + inset, rect[2] - 2 * inset, rect[3] - 2 * inset


def _check(matrix: Matrix, from_mm: Points, to_px: Points) -> None:
    """The marks must fit one flat sheet, not seen from behind, and large enough to tell a tick."""
    projected = cv2.perspectiveTransform(from_mm.reshape(-1, 1, 2), matrix).reshape(-1, 2)
    origin, right, down = cv2.perspectiveTransform(
        np.array([[[100, 150]], [[110, 150]], [[100, 160]]], np.float32), matrix
    ).reshape(-1, 2)
    across, along = right - origin, down - origin
    px_per_mm = float(min(np.linalg.norm(across), np.linalg.norm(along))) / 10
    if px_per_mm < LEAST_PX_PER_MM:
        raise Refused("too_small")
    if across[0] * along[1] - across[1] * along[0] <= 0:
        raise Refused("mirrored")
    if float(np.median(np.linalg.norm(projected - to_px, axis=1))) / px_per_mm > WORST_FIT_MM:
        raise Refused("corners_missing")
