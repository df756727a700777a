"""What happened to each of them, in days counted back from today; one story for each person, in order.

Between them, they show every stage of both pathways, every kind of follow-up, and what can go awry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from wellbeing_app.model import ClosingReason


@dataclass(frozen=True)
class Story:
    """One episode. Without a care cluster it is about a long-term condition."""

    referred: int
    baseline: int | None = None
    follow_ups: tuple[int, ...] = ()
    cluster: int | None = None
    closed: int | None = None
    reason: ClosingReason = ClosingReason.COMPLETED
    twists: tuple[str, ...] = ()


def _new(referred: int, *twists: str, cluster: int | None = None) -> Story:
    return Story(referred, cluster=cluster, twists=twists)


def _waiting(baseline: int, *twists: str, cluster: int | None = None) -> Story:
    """Baseline taken, follow-up to come; or overdue, if that is long ago."""
    return Story(baseline + 12, baseline, cluster=cluster, twists=twists)


def _followed(baseline: int, *follow_ups: int, cluster: int | None = None, twists: str = "") -> Story:
    return Story(baseline + 10, baseline, follow_ups, cluster, twists=tuple(twists.split()))


def _closed(story: Story, days_ago: int, reason: ClosingReason = ClosingReason.COMPLETED) -> Story:
    return Story(
        story.referred, story.baseline, story.follow_ups, story.cluster, days_ago, reason, story.twists
    )


_four, _seven, _eleven = (partial(_followed, cluster=cluster) for cluster in (4, 7, 11))

STORIES = (
    _followed(200, 104, twists="notes plan_settled sees_otherwise given_home"),
    _followed(118, 22, twists="telephone"),
    _followed(131, 34, twists="notes plan given_home"),
    _four(190, 41, twists="notes telephone plan_settled given_home"),
    _followed(260, 165, 68),
    _waiting(101, "rang"),
    _followed(150, 52, twists="paper notes plan_settled"),
    _four(300, 168, 80, twists="notes plan_settled sees_otherwise"),
    _waiting(84),
    _seven(175, 30, twists="safety_open"),
    _followed(320, 224, 130, 38, twists="notes helped plan_settled given_home"),
    _waiting(131, "moved", cluster=4),
    _seven(220, 85, twists="corrected"),
    _followed(145, 47, twists="unanswered"),
    _waiting(150, "lost"),
    _waiting(35, "tablet", cluster=4),
    _followed(125, 27, twists="corrected notes"),
    _waiting(96, "follow_up_draft"),
    _seven(205, 62, twists="safety_closed re_referred"),
    _closed(_followed(240, 143, twists="notes"), 60),
    _eleven(210, 70, twists="notes"),
    _new(9),
    _waiting(119, cluster=7),
    _followed(170, 74, twists="two_baselines_decided"),
    _followed(140, 43),
    _new(5, cluster=4),
    _waiting(87, "notes", "plan"),
    _four(330, 190, 75, twists="corrected"),
    _waiting(140, "notes", "tablet", "plan", "call_broken_off", cluster=4),
    _waiting(170, "helped", "rang_back"),
    _seven(180, 39, twists="telephone"),
    _followed(135, 39, twists="notes"),
    _closed(_four(290, 150, twists="notes"), 90),
    _waiting(20),
    _four(240, 110, twists="returned notes"),
    _followed(160, 63, twists="paper unreadable"),
    _waiting(52, cluster=11),
    _followed(123, 29, twists="withdrew"),
    _waiting(61),
    _new(15, "draft", cluster=7),
    _closed(_waiting(210), 95, ClosingReason.NO_CONTACT),
    _eleven(215, 73, twists="notes safety_acted"),
    _followed(155, 58, twists="telephone"),
    _waiting(100, "planned"),
    _waiting(215, "not_wanted", cluster=7),
    _followed(280, 184, twists="returned notes"),
    _waiting(113, "break_glass", cluster=4),
    _new(12, "draft"),
    _four(185, 36, twists="duplicate notes"),
    _followed(148, 50, twists="tablet"),
    _waiting(77, cluster=4),
    _closed(_followed(310, 212, twists="telephone"), 120),
    _seven(195, 55, twists="unanswered"),
    _waiting(16, "two_baselines"),
    _closed(_eleven(270, 130), 45),
    _waiting(44, "notes"),
    _followed(120, 24, twists="notes plan_settled sees_otherwise given_home"),
    _closed(_waiting(160, cluster=11), 70, ClosingReason.MOVED_AWAY),
    _waiting(190, "paper", "cancelled"),
    _closed(_seven(295, 155, twists="notes"), 100),
    _waiting(198, "notes", cluster=11),
    _waiting(8, "two_baselines"),
)
