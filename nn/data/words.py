"""Words that tables use for what is missing, true and false, in any mixture of small and capital letters."""

MISSING = frozenset({"", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "nil", "?", "missing", "nat"})
MINUS = "\u2212\u2013"  # beside the one of keyboards: the sign as it is printed, and what Word makes of a hyphen
MISSING_NUMBERS = MISSING | {"none", "-", "--", "\u2212", "\u2013", "\u2014", ".", "unknown"}  # or names of classes
AROUND_NUMBERS = "[\\s\u00a0\u202f%€$£¥']|(?:EUR|USD|CHF|GBP)$"  # a pattern that Arrow's engine runs
UNIT = r"(?:°|[^\W\d_])[^\s\d]{0,9}"  # a pattern of what may stand after a number: cm, °C, µg/m³
TRUTHS = (
    ("false", "true"),
    ("no", "yes"),
    ("n", "y"),
    ("f", "t"),
    ("off", "on"),
    ("falsch", "wahr"),
    ("nein", "ja"),
    ("faux", "vrai"),
    ("non", "oui"),
    ("falso", "verdadero"),
    ("falso", "vero"),
    ("아니요", "예"),
)
