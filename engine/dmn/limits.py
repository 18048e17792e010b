"""How large a decision may be, and how much deciding it may take."""

LONGEST_CELL = 2_000  # bytes of one cell or expression
DEEPEST = 20  # parentheses, lists and ifs in each other
MOST_DIGITS = 34  # of a number: decimal128 (DMN 1.5, 10.3.2.3.1)
MOST_FILES = 100
MOST_DECISIONS = 200  # of one file
MOST_RULES = 2_000  # of one table
MOST_COLUMNS = 60
MOST_NODES = 200_000  # elements and attributes of a file: 2,000 rules of 16 columns
MOST_STEPS = 400_000  # small steps of one business rule task: half a second
LONGEST_TEXT = 100_000  # characters of a text that is made
MOST_FINDINGS = 50
