"""How a query is read, and what of it may be remembered. Pure: no database, no clock."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vaern.pages.grades import named

LONGEST_QUERY = 100
MOST_WORDS = 8
LONGEST_MISS = 60
MOST_WORDS_OF_A_MISS = 3
# A vain search is shown to editors when it has come on so many different days (docs/decisions/0017-search.md).
DAYS_UNTIL_SHOWN = 3

WORD = re.compile(r"[^\W_]+")
STOP_WORDS = {
    "da": frozenset(
        WORD.findall(
            "af alle at da de den der deres det dette du efter eller en er et for fra har hun han hvad hvor i ikke ind "
            "jeg kan man med mig min mit nu når og om op os på sig sin skal som så til ud var vi vil være"
        )
    ),
    "en": frozenset(
        WORD.findall(
            "a about an and are as at be by do does for from how i if in is it me my not of on or our that the this to "
            "was we what when where who with you your"
        )
    ),
}
ENDINGS = {
    "da": ("ernes", "erne", "enes", "ene", "ens", "ers", "ets", "er", "en", "et", "es", "e", "s"),
    "en": ("ings", "ing", "ies", "ed", "es", "s", "y"),
}
SHORTEST_STEM = 4
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "þ": "th", "ð": "d"})
_BOTS = re.compile(
    r"bot|crawl|spider|slurp|curl|wget|python|java/|go-http|headless|monitor|preview|scan", re.IGNORECASE
)


def fold(text: str) -> str:
    """Return the text in small letters with æ, ø, å as ae, oe, aa and without accents, for those who lack a key."""
    plain = unicodedata.normalize("NFC", text.lower()).translate(_LETTERS)
    return "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def stem(word: str, language: str) -> str:
    """Return a folded word without its ending: "skolernes" and "skoler" both begin with it."""
    folded = fold(word)
    for ending in ENDINGS.get(language, ()):
        if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST_STEM:
            return folded[: -len(ending)]
    return folded


def spellings(word: str) -> list[str]:
    """Return how a word may be spelt in a text: as typed, with ae/oe/aa, and with æ/ø/å."""
    danish = word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")
    return list(dict.fromkeys([word, fold(word), danish]))


@dataclass(frozen=True)
class Term:
    """One thing that a result must have: any of the alternatives, each one word or several in a row."""

    alternatives: tuple[tuple[str, ...], ...]


def read_query(
    query: str, language: str, synonyms: Mapping[tuple[str, ...], Collection[tuple[str, ...]]]
) -> list[Term]:
    """Return what a result must have. Stop words do not count; synonyms may be several words on both sides."""
    grades, rest = named(query[:LONGEST_QUERY])
    words = words_of(rest)[:MOST_WORDS]
    stop = STOP_WORDS.get(language, frozenset())
    known = {tuple(map(fold, key)): values for key, values in synonyms.items()}
    longest = max((len(key) for key in known), default=1)
    terms = [_grade(number, language) for number in grades[:MOST_WORDS]]
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            run = tuple(words[place : place + length])
            others = known.get(tuple(map(fold, run)))
            if others is not None:
                break
        else:
            length, run, others = 1, (words[place],), None
        place += length
        if length > 1 or others or run[0] not in stop:
            terms.append(Term((run, *(others or ()))))
    return terms


def _grade(number: int, language: str) -> Term:
    """Return the term of a grade: number and word in a row, as `vaern.pages.grades.search_words` writes them."""
    return Term(
        (("grade", str(number)),) if language == "en" else ((str(number), "klasse"), (str(number), "klassetrin"))
    )


def stems_of(terms: Iterable[Term], language: str) -> list[str]:
    """Return the folded beginnings that a reader expects to see marked."""
    found = (stem(word, language) for term in terms for alternative in term.alternatives for word in alternative)
    return list(dict.fromkeys(found))


def sqlite_match(terms: Sequence[Term], language: str) -> str:
    """Return the FTS5 expression over folded texts. Words hold letters and digits only, so quoting is enough."""

    def phrase(words: tuple[str, ...]) -> str:
        parts = [*(fold(word) for word in words[:-1]), stem(words[-1], language)]
        return f'"{" ".join(parts)}"' + ("" if words[-1].isdigit() else "*")

    return " AND ".join(f"({' OR '.join(map(phrase, term.alternatives))})" for term in terms)


def postgres_match(terms: Sequence[Term]) -> str:
    """Return the tsquery text over the stemmed texts, every word as a beginning: Danish hides words in compounds.

    A number is itself: "1" is not the beginning of "10".
    """

    def form_of(form: str) -> str:
        return f"'{form}'" if form.isdigit() else f"'{form}':*"

    def phrase(words: tuple[str, ...]) -> str:
        return " <-> ".join("(" + " | ".join(map(form_of, spellings(word))) + ")" for word in words)

    return " & ".join(f"({' | '.join(map(phrase, term.alternatives))})" for term in terms)


# -- excerpts -----------------------------------------------------------------------------------------------

EXCERPT = 180


def marked(text: str, stems: Collection[str]) -> list[tuple[str, bool]]:
    """Return the text in pieces, and of each whether it is a word that was searched for."""
    beginnings = tuple(part for part in stems if part)
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in WORD.finditer(text):
        if beginnings and fold(match[0]).startswith(beginnings):
            if match.start() > end:
                pieces.append((text[end : match.start()], False))
            pieces.append((match[0], True))
            end = match.end()
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def excerpt(text: str, stems: Collection[str]) -> str:
    """Return the part of the text around the first word that was searched for, whole words only."""
    beginnings = tuple(part for part in stems if part)
    first = next((m.start() for m in WORD.finditer(text) if beginnings and fold(m[0]).startswith(beginnings)), 0)
    start = 0 if first < EXCERPT // 2 else text.rfind(" ", 0, first - EXCERPT // 3) + 1
    end = len(text) if len(text) <= start + EXCERPT else text.rfind(" ", start, start + EXCERPT)
    end = end if end > start else start + EXCERPT
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


# -- did you mean -------------------------------------------------------------------------------------------


def suggestion(query: str, vocabulary: Mapping[str, str]) -> str:
    """Return the query with unknown words replaced by the nearest of `vocabulary` (folded → as written), or nothing."""
    words = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
    changed = False
    result = []
    for word in words:
        folded = fold(word)
        if folded in vocabulary or len(folded) < SHORTEST_STEM:
            result.append(word)
            continue
        near = difflib.get_close_matches(folded, list(vocabulary), n=1, cutoff=0.75)
        if near:
            result.append(vocabulary[near[0]])
            changed = True
        else:
            result.append(word)
    return " ".join(result) if changed else ""


# -- what may be counted ------------------------------------------------------------------------------------


def countable(query: str, user_agent: str) -> str:
    """Return the query as a vain search may be counted, or nothing when it may not (domain.md §8).

    Left out whole, never trimmed: what holds a number of four digits or more, an e-mail or web address, several words
    with capitals (a name), more than a few words or signs (a story), and whatever a robot asks for.
    """
    if not user_agent or _BOTS.search(user_agent):
        return ""
    text = unicodedata.normalize("NFC", query).strip()
    digits = re.sub(r"[\s.\-/]+", "", text)
    if len(text) > LONGEST_MISS or re.search(r"@|https?:|www\.", text, re.IGNORECASE) or re.search(r"\d{4}", digits):
        return ""
    words = WORD.findall(text)
    if not words or len(words) > MOST_WORDS_OF_A_MISS:
        return ""
    if len(words) > 1 and all(word[0].isupper() for word in words):
        return ""
    return " ".join(words_of(text))
