"""Verification codes: 16 characters that are read aloud without mistakes, and one that finds a mistyped one."""

from __future__ import annotations

import re
import secrets

# Crockford's base32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
READ_AS = str.maketrans("ILO", "110")


def new_code() -> str:
    """Return a code of 80 bits with its check character."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return drawn + _check(drawn)


def read(written: str) -> str:
    """Return a code as it is kept, from however somebody wrote it; empty when it can be none."""
    code = re.sub(r"[\s-]", "", written).upper().translate(READ_AS)
    whole = len(code) == LENGTH + 1 and all(char in ALPHABET for char in code)
    return code if whole and _check(code[:LENGTH]) == code[LENGTH] else ""


def shown(code: str) -> str:
    """Return a code in groups."""
    return "-".join(re.findall(".{1,4}", code[:LENGTH])) + code[LENGTH:]


def _check(drawn: str) -> str:
    """Return the check character: each place weighs an odd number, so one wrong or two swapped ones are found."""
    total = sum((2 * place + 1) * ALPHABET.index(char) for place, char in enumerate(drawn))
    return ALPHABET[total % 32]
