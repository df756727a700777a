"""The pages: parse, call one service, choose a template."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from wellbeing_app.config import Settings
from wellbeing_app.web import (
    account,
    agreements,
    assets,
    calendars,
    calls,
    caseload,
    clean,
    context,
    corrections,
    custody,
    data,
    devices,
    entry,
    episodes,
    errors,
    figures,
    followups,
    forgery,
    frame,
    guard,
    headers,
    health,
    help_panel,
    i18n,
    importing,
    keying,
    ledger,
    letter,
    merging,
    navigation,
    packing,
    paper,
    paper_queue,
    people,
    plan,
    printing,
    progress,
    report,
    safety,
    scans,
    self_completion,
    settings,
    shell,
    staff,
    summaries,
    summary,
    summary_work,
    survey_pages,
    surveys,
    sync,
    uploads,
    visit,
    visit_form,
    wording,
)

BLUEPRINTS = (
    account,
    agreements,
    calendars,
    calls,
    caseload,
    corrections,
    custody,
    devices,
    data,
    entry,
    episodes,
    figures,
    followups,
    health,
    help_panel,
    importing,
    ledger,
    letter,
    merging,
    packing,
    keying,
    paper,
    paper_queue,
    people,
    plan,
    progress,
    report,
    safety,
    scans,
    self_completion,
    settings,
    staff,
    summaries,
    summary,
    surveys,
    sync,
    visit,
)


def init_app(app: Flask, chosen: Settings, sessions: sessionmaker[Session] | None) -> None:
    """Put the pages on the app, guarded."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-form" if chosen.secure else "form",
        SESSION_COOKIE_SECURE=chosen.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1_000_000,
        TESTING=chosen.testing,
    )
    printing.init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    frame.init_app(app)
    clean.init_app(app)
    uploads.init_app(app)
    headers.init_app(app, chosen)
    assets.init_app(app)
    context.init_app(app, chosen, sessions)
    summary_work.init_app(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    guard.init_app(app)
    forgery.init_app(app)
    i18n.init_app(app)
    errors.init_app(app)
    navigation.init_app(app)
    shell.init_app(app)
    survey_pages.init_app(app)
    visit_form.init_app(app)
    wording.init_app(app)
