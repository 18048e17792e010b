"""The web: parses a request, calls one action or query, answers with a page.

Frame: ``app`` makes the application, ``guard`` decides who may enter, ``current`` says who asks,
``frame`` draws what stands around every page, ``rendering`` and ``wording`` put values into words,
``errors`` turns engine errors into pages. Areas (auth, inbox, cases, library, admin) are
blueprints that do not import each other.
"""
