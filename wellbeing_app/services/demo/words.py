"""What is written in the invented records. Telephone numbers are of the kind set aside for stories."""

SERVICE = "Riverbank Social Prescribing"
SAFETY_CONTACT = "The duty worker, 01632 960 100, and then Martin Oakes"
HELP_LINES = (
    ("Riverbank office", "01632 960 001", "Monday to Friday, 9 to 5"),
    ("Riverbank out of hours", "01632 960 100", "Evenings and weekends"),
)
AGREEMENTS = {
    "take_part": "I am happy to answer these questions now and again later. I can stop at any time.",
    "share_with_gp": "My GP practice may be told how I am getting on.",
    "evaluation": "My answers may be counted, without my name, to see whether the service helps.",
    "be_contacted": "Riverbank may get in touch with me later.",
}
STREETS = ("Bramble Lane", "Clover Court", "Mill Path", "Orchard Row", "Sundial Street", "Weir Walk")
REFERRERS = (
    "Dr Sorrel, Brook Surgery",
    "Nurse Larch, Hillside Practice",
    "Case management meeting, Brook Surgery",
    "Dr Yarrow, Hillside Practice",
)
PRACTITIONERS = (
    "Community mental health team, J. Lovage",
    "Community mental health team, S. Tansy",
)
NOTES = (
    "Walks the neighbour's dog twice a week and likes it.",
    "Has not been out much since the winter.",
    "Would like to try the gardening group, but the bus is a worry.",
    "Sister visits on Sundays. Weekdays are long.",
    "Sleeps badly when the pain is bad.",
    "The letter about the electricity is sorted out now.",
    "Started at the craft group and means to stay.",
    "Proud of cooking again.",
    "Waiting to hear about the repair to the roof.",
    "Feels that people listen more than they used to.",
    "Had a fall in the spring; steps outside are still frightening.",
    "Reads to the children at the library on Fridays.",
)
# What they said; on which days (Monday is 1), from and until what hour.
SAFE_TIMES = (
    ("Mornings only.", "12345", 9, 12),
    ("Not on Wednesdays: the son is there.", "1245", 9, 18),
    ("After 4, when home alone.", "12345", 16, 20),
)
ACCESS_NOTES = (
    "Knock loudly, the bell is broken.",
    "Ground floor meetings only.",
    "Brings an assistance dog.",
)
HELPERS = ("Daughter", "Support worker", "Neighbour, at their own wish", "Husband")
CORRECTION = "I ticked the point beside the one they said."
DATE_REASON = "Answered at the surgery, a few days before the referral came through."
BREAK_GLASS = "Callum is off sick and the person rang, very worried about a letter."
CONCERNS = (
    "Said that some evenings there seems to be no way on. No plan, but alone a great deal.",
    "Bruises on both arms, and an answer that did not fit. Did not want to say more with others there.",
    "Has stopped taking the tablets since last week.",
    "The heating has been off for a fortnight and there is little food in the house.",
)
TOLD = "Duty worker, by telephone"
DONE = "Rang in the afternoon. Duty worker visits tomorrow with me."
OUTCOME = "Seen by the duty worker the same day. A plan is in place, and the GP knows."

BAD_MOMENT = "On the bus just then, and would rather talk at home."
NOT_WANTED = "Feels well, and does not want to go through the questions again."
WHY_MOVED = "In hospital for a new hip, and would like to do it once home."

STEPS = (
    ("Go to one session and see", "You, with me the first time", "Gardening together", 21),
    ("Ring about the bus pass", "You", "", 10),
    ("Walk to the corner and back each morning", "You", "", 28),
    ("Fill in the form for help with the heating", "Your advisor", "Citizens Advice", 14),
    ("Ask at the library about the computer hour", "You and a neighbour", "Brook Street library", 30),
    ("Go on with the group, and bring somebody along", "You", "Slow walks", 60),
)
WENT_WELL = "Went three times, and knows two people there by name now."
STOOD_IN_THE_WAY = "The appointment was moved. Try again after the holidays."
SEES_OTHERWISE = "I see more ground gained here than they give themselves credit for."
REFERRAL_TERMS = """\
Referral to social prescribing service 871731000000106
Social prescribing declined 871711000000103"""
