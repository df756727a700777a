"""Codes that people read, say and type: no vowels to spell words with, no letters that look like digits."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789BCDFGHJKMNPQRSTVWXZ"
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
FORM_CODE_LENGTH = 8
REFERENCE_LENGTH = 5
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 16
SPECIMEN_CODE = "0000"
SPECIMEN_TOKEN = "00000000"  # noqa: S105 - the start of a name


def new_reference() -> str:
    """A person's reference, such as R-7QK2P: 20 million of them."""
    return "R-" + _random(REFERENCE_LENGTH)


def new_form_code(*, specimen: bool = False) -> str:
    """A form's code: seven characters, and a check that catches any one slip or swap of neighbours."""
    while True:
        body = _random(FORM_CODE_LENGTH - 1)
        if specimen:
            body = SPECIMEN_CODE + body[len(SPECIMEN_CODE) :]
        if specimen == body.startswith(SPECIMEN_CODE):
            return body + check_character(body)


def new_token(*, specimen: bool = False) -> str:
    """The name of one printed copy: 80 bits of chance, in Crockford's letters; half of it for a specimen."""
    chance = "".join(secrets.choice(CROCKFORD) for _ in range(TOKEN_LENGTH))
    return SPECIMEN_TOKEN + chance[len(SPECIMEN_TOKEN) :] if specimen else chance


def is_specimen(code_or_token: str) -> bool:
    """Whether it is that of a form to look at, which no service knows."""
    mark = SPECIMEN_CODE if len(code_or_token) == FORM_CODE_LENGTH else SPECIMEN_TOKEN
    return code_or_token.startswith(mark)


def tidy(typed: str) -> str:
    """A code as it was meant: capitals, no spaces or dashes, lookalikes put right."""
    return "".join(character for character in typed.upper().translate(LOOKALIKES) if character in ALPHABET)


def tidy_reference(typed: str) -> str:
    """A reference as it was meant, with or without its R-."""
    body = tidy(typed)
    return "R-" + (body[1:] if len(body) == REFERENCE_LENGTH + 1 and body.startswith("R") else body)


def is_form_code(code: str) -> bool:
    """Whether a tidied code has the right length and check character."""
    return len(code) == FORM_CODE_LENGTH and check_character(code[:-1]) == code[-1]


def check_character(body: str) -> str:
    """The weighted sum of the characters' places, modulo the alphabet's length.

    29 is prime and no weight is a multiple of it, so one wrong character, or two neighbours swapped,
    always change the sum.
    """
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def _random(length: int) -> str:
    number = secrets.randbelow(len(ALPHABET) ** length)
    found = ""
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        found += ALPHABET[place]
    return found
