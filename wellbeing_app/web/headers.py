"""What every answer tells the browser about trust."""

from __future__ import annotations

from flask import Flask, Response, request

from wellbeing_app.config import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), browsing-topics=()",
}
# What is the same for everybody says by itself how long it may be kept.
MAY_BE_KEPT = (
    "static",
    "settings.logo",
    "visit.document",
    "visit.page",
    "visit.file",
    "visit.worker",
    "visit.manifest",
)
TWO_YEARS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer, errors and downloads included."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(ALWAYS)
        if settings.secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        if request.endpoint not in MAY_BE_KEPT or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
