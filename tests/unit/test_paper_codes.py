"""The codes on paper: no slip of a finger opens another form, and the square one outlives the copier."""

from __future__ import annotations

import random

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from wellbeing_app.paper import codes as paper_codes
from wellbeing_app.paper.codes import SheetCode
from wellbeing_app.services import codes

HOST = "https://wellbeing.example.org"
ISSUED = 10_000
SCANNER_DPI, CODE_MM, PAPER_MM = 200, 28, 40


def mutated(chance: random.Random, code: str) -> str:
    """What fingers and eyes make of a code: one to three slips of any kind."""
    letters = list(code)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(letters))
        match chance.randrange(5):
            case 0:
                letters[place] = chance.choice(codes.ALPHABET)
            case 1:
                other = (place + 1) % len(letters)
                letters[place], letters[other] = letters[other], letters[place]
            case 2:
                letters.insert(place, chance.choice(codes.ALPHABET))
            case 3:
                letters.pop(place) if len(letters) > 1 else None
            case _:
                letters[place] = (
                    chance.choice("OILU?-. ") if chance.random() < 0.5 else letters[place].lower()
                )
    return "".join(letters)


def test_no_random_or_mutated_code_opens_another_form(mutations: int) -> None:
    chance = random.Random(2026)
    alphabet = codes.ALPHABET
    bodies = ["".join(chance.choices(alphabet, k=7)) for _ in range(ISSUED)]
    issued = {body + codes.check_character(body) for body in bodies}
    known = sorted(issued)
    wrongly = 0
    for number in range(mutations):
        meant = known[number % len(known)]
        typed = mutated(chance, meant) if number % 4 else "".join(chance.choices(alphabet, k=8))
        code = codes.tidy(typed)
        opened = code if codes.is_form_code(code) and code in issued else None
        wrongly += opened is not None and opened != meant
    assert wrongly == 0


def copied(chance: random.Random, picture: Image.Image) -> Image.Image:
    """One generation of a photocopier: a little askew and larger, soft, with grit, and harder than it was."""
    turned = picture.rotate(chance.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=255)
    scale = chance.uniform(0.98, 1.02)
    sized = turned.resize(
        (round(turned.width * scale), round(turned.height * scale)), Image.Resampling.BICUBIC
    )
    soft = np.asarray(sized.filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 1.1))), dtype=float)
    grit = np.random.default_rng(chance.randrange(2**32))
    noisy = soft + grit.normal(0, 9, soft.shape)
    noisy[grit.random(soft.shape) < 0.002] = 0
    hard = 255 / (1 + np.exp(-(noisy - 128) / 28))
    return Image.fromarray(hard.astype("uint8"))


def printed(text: str) -> Image.Image:
    """The code as it comes out of a printer, in the middle of a piece of paper."""
    dark = paper_codes.modules(text)
    quiet = paper_codes.QUIET_MODULES
    squares = np.pad(~np.array(dark), quiet, constant_values=True).astype("uint8") * 255
    side, paper = (round(mm / 25.4 * SCANNER_DPI) for mm in (CODE_MM, PAPER_MM))
    code = Image.fromarray(squares).resize((side * 4, side * 4), Image.Resampling.NEAREST)
    sheet = Image.new("L", (paper, paper), 255)
    sheet.paste(code.resize((side, side), Image.Resampling.BOX), ((paper - side) // 2, (paper - side) // 2))
    return sheet


@pytest.mark.slow
def test_the_square_code_is_read_after_three_photocopies(mutations: int) -> None:
    chance, tries = random.Random(7), max(40, mutations // 1000)
    read = 0
    for _ in range(tries):
        token = "".join(chance.choices(codes.CROCKFORD, k=16))
        text = paper_codes.address(HOST, SheetCode("S", 1, 1, "ur", token))
        sheet = printed(text)
        for _generation in range(3):
            sheet = copied(chance, sheet)
        found = zxingcpp.read_barcodes(sheet)
        assert all(one.text == text for one in found), "never another code"
        read += bool(found)
    assert read / tries >= 0.95
