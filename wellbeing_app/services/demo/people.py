"""The invented people: everybody is named after a plant, in one language or another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Invented:
    """Somebody, and what helps them to be understood. `needs`: interpreter, bsl, large_print."""

    first_name: str
    last_name: str
    born: date
    language: str = "en"
    needs: frozenset[str] = frozenset()


def _read(line: str) -> Invented:
    name, born, *more = (part.strip() for part in line.split("|"))
    first_name, last_name = name.split(" ", 1)
    language, *needs = more[0].split() if more else ["en"]
    return Invented(first_name, last_name, date.fromisoformat(born), language, frozenset(needs))


PEOPLE = tuple(
    map(
        _read,
        """\
Grace Fennel          | 1951-03-14 | en large_print
Bernard Thistle       | 1946-11-02
Nasreen Chambeli      | 1968-07-21 | ur interpreter
Tom Bracken           | 1989-01-30
Halina Rumianek       | 1957-05-09 | pl interpreter
Delroy Tamarind       | 1963-09-17
Maureen Honeysuckle   | 1949-12-25
Jade Clover           | 1998-04-03
Imran Podina          | 1974-02-11 | ur
Siobhán Heather       | 1970-08-19
Walter Dandelion      | 1938-06-06 | en large_print
Aisha Gulab           | 1992-10-28 | ur
Kev Bramble           | 1981-03-22
Ivy Lavender          | 1943-09-01 | en large_print
Stanisław Jałowiec    | 1965-12-13 | pl
Chloe Primrose        | 2001-02-18
Leroy Allspice        | 1955-07-07
Pauline Meadowsweet   | 1959-04-27
Yusuf Zafran          | 1986-06-15 | ar interpreter
Brenda Camomile       | 1950-01-09
Lee Nettle            | 1978-11-11 | en bsl
Doreen Marjoram       | 1941-05-23
Katarína Lipová       | 1983-08-08 | sk interpreter
Ray Juniper           | 1953-10-16
Shabana Champa        | 1961-03-03 | ur interpreter
Owen Sorrel           | 1995-09-29
Jean Buttercup        | 1947-02-14
Mick Burdock          | 1972-06-30
Amelia Snowdrop       | 1999-12-05
Win Periwinkle        | 1945-08-24 | en large_print
Piotr Szałwia         | 1979-01-17 | pl
Carol Foxglove        | 1964-05-31
Nathan Teasel         | 1990-07-12
Sheila Rosemary       | 1952-11-20
Bilal Anar            | 1985-04-14 | ur
Gladys Marigold       | 1939-10-10 | en large_print
Donna Hyssop          | 1976-12-01
Trevor Plantain       | 1958-02-26
Li Mei Osmanthus      | 1969-09-09 | zh interpreter
Kyle Burnet           | 1994-03-19
Edna Woodruff         | 1944-07-16
Angela Speedwell      | 1967-01-08
Florin Mușețel        | 1988-05-04 | ro
Patricia Lovage       | 1954-08-30
Dean Horsetail        | 1982-10-23
Ruth Pennyroyal       | 1948-04-06
Samira Yasmin         | 1977-06-21 | ar
Frank Ragwort         | 1942-12-18
Tracey Campion        | 1973-02-02
Joyce Cornflower      | 1956-09-14
Harpreet Genda        | 1980-11-27 | pa
Colin Mugwort         | 1960-03-08
Beth Celandine        | 1996-01-25
Elsie Valerian        | 1940-06-11 | en large_print
Darren Yarrow         | 1984-08-02
Irena Mięta           | 1962-10-05 | pl interpreter
Alan Betony           | 1951-05-15
Zara Anise            | 2003-07-31
Norman Comfrey        | 1937-01-19
Lorraine Tansy        | 1966-12-09
Ali Sumac             | 1991-04-22
Hilda Vervain         | 1946-03-27""".splitlines(),
    )
)
