"""What happens to a page on its way back: copied, folded, stained, scanned, photographed, saved small."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from tests.support.scans.hands import Page


@dataclass
class Way:
    """Chance for everything that happens on the way."""

    chance: random.Random


def resized(page: Page, dpi: int) -> Page:
    size = round(page.shape[1] * dpi / 300), round(page.shape[0] * dpi / 300)
    return cast(Page, cv2.resize(page, size, interpolation=cv2.INTER_AREA))


def turned(page: Page, degrees: float) -> Page:
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cast(Page, cv2.warpAffine(page, turn, (width, height), borderValue=(255, 255, 255)))


def skewed(page: Page, degrees: float) -> Page:
    """Turned on a glass that is large enough for it."""
    margin = round(page.shape[1] * 0.12)
    on_glass = cv2.copyMakeBorder(
        page, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(235, 235, 235)
    )
    height, width = on_glass.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cast(Page, cv2.warpAffine(on_glass, turn, (width, height), borderValue=(235, 235, 235)))


def blurred(page: Page, sigma: float) -> Page:
    return cast(Page, cv2.GaussianBlur(page, (0, 0), sigma))


def grainy(way: Way, page: Page, sigma: float) -> Page:
    noise = np.empty(page.shape[:2], np.int16)
    cv2.setRNGSeed(way.chance.getrandbits(31))
    cv2.randn(noise, np.zeros(1), np.full(1, float(sigma)))
    return cast(Page, cv2.add(page, cv2.merge([noise] * 3), dtype=cv2.CV_8U))


def saved(page: Page, quality: int) -> Page:
    """As JPEG, and opened again."""
    _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cast(Page, cv2.imdecode(data, cv2.IMREAD_COLOR))


def in_black_and_white(page: Page, level: int = 150) -> Page:
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    return cast(Page, cv2.cvtColor(np.where(grey > level, 255, 0).astype(np.uint8), cv2.COLOR_GRAY2BGR))


def copied(way: Way, page: Page) -> Page:
    """Through a photocopier: a little blurred, more contrast, specks, a hair larger or smaller."""
    scale = way.chance.uniform(0.985, 1.012)
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), way.chance.uniform(-0.6, 0.6), scale)
    page = cast(Page, cv2.warpAffine(page, turn, (width, height), borderValue=(255, 255, 255)))
    grey = cv2.cvtColor(blurred(page, way.chance.uniform(0.8, 1.6)), cv2.COLOR_BGR2GRAY).astype(np.float32)
    grey = np.clip((grey - 128) * way.chance.uniform(1.2, 1.8) + 138, 0, 255)
    for _ in range(round(grey.size * 0.00004)):
        x, y = way.chance.randrange(1, width - 1), way.chance.randrange(1, height - 1)
        grey[y - 1 : y + 2, x - 1 : x + 2] = 30
    return cast(Page, cv2.cvtColor(grey.astype(np.uint8), cv2.COLOR_GRAY2BGR))


def shaded(way: Way, page: Page, darkest: float) -> Page:
    """Light from one side, and the shadow of a hand."""
    height, width = page.shape[:2]
    down, across = np.mgrid[0:1:64j, 0:1:48j].astype(np.float32)
    angle = way.chance.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5)
    light = 1 - (1 - darkest) * (slope + 0.7) / 1.4
    x, y, size = way.chance.random(), way.chance.random(), way.chance.uniform(0.15, 0.4)
    edge = 1 / (1 + np.exp((np.hypot(across - x, down - y) - size) * 30))
    light = (light * (1 - 0.35 * edge)).astype(np.float32)
    light = cv2.resize(light, (width, height), interpolation=cv2.INTER_CUBIC)
    return cast(Page, cv2.multiply(page, cv2.merge([light] * 3), dtype=cv2.CV_8U))


def photographed(way: Way, page: Page, degrees: float, width: int) -> Page:
    """From above at an angle, on a table."""
    height_in, width_in = page.shape[:2]
    height = round(width * 1.35)
    table = np.full((height, width, 3), [way.chance.randint(60, 150) for _ in range(3)], np.uint8)
    half_w, half_h = width * way.chance.uniform(0.40, 0.45), width * 0.45 * 1.414
    half_h = min(half_h, height * 0.47)
    half_w = half_h / 1.414
    tilt = degrees / 100
    turn = np.deg2rad(way.chance.uniform(-degrees, degrees) / 2)
    corners = []
    for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x = half_w * u * (1 + tilt * v * way.chance.uniform(0.2, 0.8))
        y = half_h * v * (1 - tilt * u * way.chance.uniform(0, 0.4))
        corners.append(
            (
                width / 2 + (x * np.cos(turn) - y * np.sin(turn)) * 0.95,
                height / 2 + (x * np.sin(turn) + y * np.cos(turn)) * 0.95,
            )
        )
    source = np.array([(0, 0), (width_in, 0), (width_in, height_in), (0, height_in)], np.float32)
    bend = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    small = blurred(page, max(0.5, 0.35 * width_in / width))
    cv2.warpPerspective(
        curled(way, small), bend, (width, height), table, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT
    )
    return table


def curled(way: Way, page: Page) -> Page:
    """Paper that doesn't lie flat: up to 0.8 mm out of place in the middle."""
    height, width = page.shape[:2]
    across, down = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    to_the_side = np.float32(way.chance.uniform(-9, 9)) * np.sin(np.pi * down / height)
    downwards = np.float32(way.chance.uniform(-9, 9)) * np.sin(np.pi * across / width)
    places = across[None, :] + to_the_side[:, None], down[:, None] + downwards[None, :]
    return cast(Page, cv2.remap(page, *places, cv2.INTER_LINEAR, borderValue=(255, 255, 255)))


def folded(way: Way, page: Page) -> Page:
    """A crease across the middle: a dark line, and one half a little lower."""
    page = page.copy()
    at = round(page.shape[0] * way.chance.uniform(0.45, 0.55))
    shift = way.chance.randint(-5, 5)
    page[at:] = np.roll(page[at:], shift, axis=1)
    page[at - 2 : at + 2] = (page[at - 2 : at + 2] * 0.72).astype(np.uint8)
    return page


def stained(way: Way, page: Page) -> Page:
    """A ring and a pool of coffee."""
    height, width = page.shape[:2]
    stain = np.zeros((height // 4, width // 4), np.float32)
    for _ in range(way.chance.randint(1, 3)):
        centre = way.chance.randrange(width // 4), way.chance.randrange(height // 4)
        radius = way.chance.randint(40, 110)
        cv2.circle(stain, centre, radius, 0.45, -1)
        cv2.circle(stain, centre, radius, 1.0, way.chance.randint(3, 9))
    stain = cv2.GaussianBlur(stain, (0, 0), way.chance.uniform(2, 6))
    weight = cv2.resize(stain, (width, height)) * way.chance.uniform(0.25, 0.6)
    coffee = np.full_like(page, (70, 110, 150))
    return cast(Page, cv2.blendLinear(page, coffee, 1 - weight, weight))


def without_corner(way: Way, page: Page) -> Page:
    """Torn off, or outside the picture."""
    page = page.copy()
    height, width = page.shape[:2]
    side = round(width * way.chance.uniform(0.08, 0.13))
    corner = way.chance.choice([(0, 0), (width, 0), (0, height), (width, height)])
    other = [(abs(corner[0] - side), corner[1]), (corner[0], abs(corner[1] - side))]
    cv2.fillPoly(page, [np.array([corner, *other])], (200, 200, 205))
    return page


Journey = Callable[[Way, Page], Page]


def _scan(dpi: int, noise: float = 3) -> Journey:
    def go(way: Way, page: Page) -> Page:
        flat = resized(turned(page, way.chance.uniform(-2, 2)), dpi)
        return grainy(way, blurred(flat, 0.5), noise)

    return go


def _photo(degrees: float, darkest: float, width: int, quality: tuple[int, int]) -> Journey:
    def go(way: Way, page: Page) -> Page:
        taken = shaded(way, photographed(way, page, degrees, width), darkest)
        return saved(grainy(way, taken, 4), way.chance.randint(*quality))

    return go


scan_200, scan_300 = _scan(200), _scan(300)
JOURNEYS: Mapping[str, Journey] = {
    "scan 300": scan_300,
    "scan 200": scan_200,
    "scan 150": _scan(150),
    "scan 100": _scan(100),
    "1-bit 200": lambda way, page: in_black_and_white(scan_200(way, page)),
    "fax": lambda way, page: in_black_and_white(_scan(200, 12)(way, blurred(page, 1.2)), 165),
    "two copies": lambda way, page: scan_200(way, copied(way, copied(way, page))),
    "three copies": lambda way, page: scan_200(way, copied(way, copied(way, copied(way, page)))),
    "good photo": _photo(4, 0.85, 2000, (80, 95)),
    "hard photo": _photo(14, 0.55, 2200, (30, 65)),
    "dim photo": lambda way, page: grainy(
        way, (_photo(6, 0.6, 1900, (60, 90))(way, page) * 0.45).astype(np.uint8), 5
    ),
    "blurred photo": lambda way, page: blurred(
        _photo(5, 0.8, 2000, (70, 90))(way, page), way.chance.uniform(1.2, 2.2)
    ),
    "skewed": lambda way, page: resized(skewed(page, way.chance.uniform(-12, 12)), 200),
    "folded": lambda way, page: scan_200(way, folded(way, page)),
    "stained": lambda way, page: scan_200(way, stained(way, page)),
    "corner gone": lambda way, page: scan_200(way, without_corner(way, page)),
    "upside down": lambda way, page: cast(Page, cv2.rotate(scan_200(way, page), cv2.ROTATE_180)),
    "sideways": lambda way, page: cast(Page, cv2.rotate(scan_200(way, page), cv2.ROTATE_90_CLOCKWISE)),
}

# A copier set to contrast, and a scan in black and white, leave nothing of a soft pencil for anybody to read.
ERASES_PENCIL = ("1-bit 200", "fax", "two copies", "three copies")
