"""A route of the table, to be asked for in every case that makes a difference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.house.matrix import CASES, ROWS, Case
from tests.house.world import World
from wellbeing_app.model import Role

PERSONAL = {"reference", "episode_id", "ticket_id", "survey_id"}
OF_AN_ACCOUNT = {"session_id", "summaries_id", "page_id", "reading_id"}


def routes(app: Flask) -> dict[str, Rule]:
    """Every route by its endpoint and method."""
    return {
        f"{rule.endpoint} {method}": rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


class Route:
    """One row of the table, in a world."""

    def __init__(self, world: World, key: str) -> None:
        self.world, self.row, self.rule = world, ROWS[key], routes(world.app)[key]
        self.method = key.split()[1]
        self.is_personal = bool(PERSONAL & self.rule.arguments)
        self.has_reference = "reference" in self.rule.arguments
        self.is_of_an_account = bool(OF_AN_ACCOUNT & self.rule.arguments)

    def cases(self) -> list[str]:
        """The cases that make a difference here."""
        return [name for name, case in CASES.items() if self._matters(case)]

    def _matters(self, case: Case) -> bool:
        if case.whose == "missing":
            asking = self.row.leads | {CASES[name].who for name in self.row.opens_for}
            return bool(self.rule.arguments) and case.who in asking
        if case.whose == "merged":
            return self.has_reference
        return bool(self.rule.arguments) or not case.only_with_ids

    def expected(self, name: str) -> str:
        """What the table says."""
        case = CASES[name]
        if case.who in self.row.leads:
            return "leads to the advisor's form"
        if case.whose == "missing":
            return "not found"
        if name in self.row.opens_for or (case.who == "handed over" and self.is_on_tablet(case)):
            return "opens"
        if case.who in (None, "ended"):
            return "asks to sign in"
        if case.who == "handed over":
            return "leads to the own form" if self.method == "GET" else "not found"
        return "leads to the kept record" if name == "merged" and "own" in self.row.opens_for else "not found"

    def is_on_tablet(self, case: Case) -> bool:
        """Whether it is a page of the form that was handed over."""
        return self.row.on_tablet and case.whose == "asha's"

    def role_may(self, case: Case) -> bool:
        """Whether anybody of this role gets in here."""
        asking = self.row.leads | {CASES[name].who for name in self.row.opens_for}
        return self._role(case.who) in map(self._role, asking)

    def one_who_may(self) -> Case:
        """Somebody signed in, for whom it opens; the person on the tablet, if for nobody else."""
        signed_in = (CASES[name] for name in self.cases() if name in self.row.opens_for and CASES[name].who)
        return next(signed_in, CASES["handed over"])

    def values(self, case: Case) -> Mapping[str, Any]:
        """What stands in the addresses and forms of this case."""
        return self.world.dossiers[case.whose].values

    def sends(self, case: Case) -> dict[str, Any]:
        """The form as a browser would send it."""
        values = {**self.values(case), "advisor": self._advisor(case)}
        fields = {name: text.format_map(values) for name, text in self.row.sends.items() if name != "answers"}
        return {**fields, **(values["answers"] if "answers" in self.row.sends else {})}

    def ask(
        self, case: Case, instead: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """The request of this case; `instead` replaces fields of its form, None leaves one out."""
        fields = {"csrf_token": self.world.form[1], **self.sends(case), **(instead or {})}
        sent = {name: value for name, value in fields.items() if value is not None}
        if self.row.scripted is not None:
            return self._ask_as_a_script(case, sent, headers or {})
        form = sent if self.method == "POST" else None
        return self.world.ask(self.method, self.address(case), case.who, form, headers)

    def _ask_as_a_script(self, case: Case, sent: dict[str, Any], headers: Mapping[str, str]) -> TestResponse:
        """JSON, and a header that stands for the token: other sites cannot send either."""
        token = {"X-Wellbeing": "1"} if sent.pop("csrf_token", None) == self.world.form[1] else {}
        lists = {name: sent[name].split() for name in self.row.scripted or () if name in sent}
        body = json.dumps({**sent, **lists})
        told = {"Content-Type": "application/json", **token, **headers}
        return self.world.ask(self.method, self.address(case), case.who, body, told)

    def address(
        self, case: Case, instead: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None
    ) -> str:
        """The address of this case; `instead` replaces what stands in it."""
        values = {**self.values(case), **(instead or {})}
        named = {name: values[name] for name in self.rule.arguments}
        with self.world.app.test_request_context():
            return self.world.app.url_for(self.rule.endpoint, **{**(query or {}), **named})

    def _role(self, who: str | None) -> Role | None:
        actor = getattr(self.world.crew, who or "", None)
        return actor.role if actor else None

    def _advisor(self, case: Case) -> Any:
        """To whom this case would give an episode: advisors to themselves, others to the dossier's own."""
        owner = self.values(case)["staff_id"]
        return getattr(self.world.crew, case.who or "").id if self._role(case.who) is Role.ADVISOR else owner
